-- Purpose: how often each load broke each rule. Grain: one row per load and rule. Key: carga, regla.
INSERT INTO publicacion.problema
SELECT load_id, rule, max(severity), count(*)
FROM ledger.problems
GROUP BY load_id, rule
ORDER BY load_id, rule;
