-- Purpose: the ids that the next report and load get. Grain: one row.
SELECT (SELECT coalesce(max(report_id), 0) + 1 FROM ledger.reports),
       (SELECT coalesce(max(load_id), 0) + 1 FROM ledger.loads);
