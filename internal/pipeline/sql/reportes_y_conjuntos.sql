-- Purpose: the dataset of every report. Grain: one row per report. Key: report_id.
SELECT report_id, dataset FROM ledger.reports;
