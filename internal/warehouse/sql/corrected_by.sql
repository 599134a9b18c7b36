-- Purpose: the newest report in force that corrects a report, 0 for none.
SELECT coalesce(max(r.report_id), 0)
FROM ledger.reports r
JOIN ledger.vigencias v ON v.report_id = r.report_id AND v.hasta IS NULL
WHERE r.corrects = ?;
