-- Purpose: the columns in which open quarantined rows of one report break a rule.
-- Grain: one row per record. Key: load_id, line.
SELECT q.load_id, q.line, q.content, CAST(to_json(list(DISTINCT p.field)) AS VARCHAR)
FROM ledger.cuarentena q
JOIN ledger.problems p ON p.load_id = q.load_id AND p.line = q.line AND p.severity = 'fila'
WHERE q.report_id = ? AND q.estado = 'abierta'
GROUP BY q.load_id, q.line, q.content
ORDER BY q.load_id, q.line;
