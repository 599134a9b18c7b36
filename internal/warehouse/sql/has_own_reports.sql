-- Purpose: is there a report that was not shipped with the program? Grain: one row.
SELECT count(*) > 0 FROM ledger.reports WHERE NOT shipped;
