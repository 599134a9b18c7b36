-- Purpose: does a report have a load in force? Grain: one row.
SELECT count(*) > 0 FROM ledger.vigencias WHERE report_id = ? AND hasta IS NULL;
