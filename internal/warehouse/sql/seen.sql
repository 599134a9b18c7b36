-- Purpose: the newest load of one content under one contract. Grain: at most one row.
SELECT l.*
FROM ledger.loads l
JOIN ledger.reports r USING (report_id)
WHERE r.dataset = ? AND r.sha256 = ? AND l.contract_hash = ? AND l.kind IN ('inicial', 'recarga')
ORDER BY l.load_id DESC
LIMIT 1;
