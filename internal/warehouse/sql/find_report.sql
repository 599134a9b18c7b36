-- Purpose: the newest report of one content. Grain: at most one row.
SELECT * FROM ledger.reports WHERE dataset = ? AND sha256 = ? ORDER BY report_id DESC LIMIT 1;
