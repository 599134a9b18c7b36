-- Purpose: how many quarantined records a load has. Grain: one row.
SELECT count(*) FROM ledger.quarantine WHERE load_id = ?;
