-- Purpose: open quarantined rows by dataset and rule, and ('') by dataset alone, but
-- of datasets whose counts are protected (a JSON list of ids).
-- Grain: one row per dataset and rule. Key: conjunto, regla.
SELECT q.dataset, coalesce(p.rule, ''), count(DISTINCT (q.load_id, q.line)), min(q.desde)
FROM ledger.cuarentena q
JOIN ledger.problems p ON p.load_id = q.load_id AND p.line = q.line AND p.severity = 'fila'
WHERE q.estado = 'abierta' AND NOT list_contains(CAST(CAST(CAST(? AS VARCHAR) AS JSON) AS VARCHAR[]), q.dataset)
GROUP BY GROUPING SETS ((q.dataset), (q.dataset, p.rule))
ORDER BY ALL;
