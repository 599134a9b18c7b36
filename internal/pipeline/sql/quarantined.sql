-- Purpose: has any row ever been set aside? Grain: one row.
SELECT count(*) > 0 FROM ledger.quarantine;
