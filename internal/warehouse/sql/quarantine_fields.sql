-- Purpose: the columns in which quarantined rows of one report break a rule: those of
-- the newest load that took something of it before a load. Each load of a report judges
-- again what the one before set aside. Parameters: report, load.
-- Grain: one row per record. Key: load_id, line.
SELECT q.load_id, q.line, q.content, CAST(to_json(list(DISTINCT p.field)) AS VARCHAR)
FROM ledger.quarantine q
JOIN ledger.problems p ON p.load_id = q.load_id AND p.line = q.line AND p.severity = 'fila'
WHERE q.load_id = (SELECT max(load_id) FROM ledger.loads WHERE report_id = $1 AND load_id < $2 AND outcome IN ('aceptado', 'parcial'))
GROUP BY q.load_id, q.line, q.content
ORDER BY q.load_id, q.line;
