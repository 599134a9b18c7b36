-- Purpose: how often each load broke each rule, but of datasets whose counts are
-- protected (a JSON list of ids). Grain: one row per load and rule. Key: carga, regla.
INSERT INTO publicacion.problema
SELECT load_id, rule, max(severity), count(*)
FROM ledger.problems
JOIN ledger.loads USING (load_id)
WHERE NOT list_contains(CAST(CAST(CAST(? AS VARCHAR) AS JSON) AS VARCHAR[]), dataset)
GROUP BY load_id, rule
ORDER BY load_id, rule;
