-- Purpose: open quarantined rows by dataset and rule, and ('') by dataset alone.
-- Grain: one row per dataset and rule. Key: conjunto, regla.
INSERT INTO publicacion.cuarentena
SELECT q.dataset, coalesce(p.rule, ''), count(DISTINCT (q.load_id, q.line)), min(q.desde)
FROM ledger.cuarentena q
JOIN ledger.problems p ON p.load_id = q.load_id AND p.line = q.line AND p.severity = 'fila'
WHERE q.estado = 'abierta'
GROUP BY GROUPING SETS ((q.dataset), (q.dataset, p.rule))
ORDER BY ALL;
