-- Purpose: all reports. Grain: one row per report. Key: report_id.
SELECT * FROM ledger.reports ORDER BY report_id;
