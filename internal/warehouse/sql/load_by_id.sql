-- Purpose: one load. Grain: at most one row.
SELECT * FROM ledger.loads WHERE load_id = ?;
