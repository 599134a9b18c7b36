-- Purpose: quarantined records of one report, as delivered. Grain: one row per record. Key: load_id, line.
SELECT q.line, q.lines, q.content
FROM ledger.quarantine q
JOIN ledger.loads l USING (load_id)
WHERE l.report_id = ?
ORDER BY q.load_id, q.line;
