-- Purpose: one report. Grain: at most one row.
SELECT * FROM ledger.reports WHERE report_id = ?;
