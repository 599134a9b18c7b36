-- Purpose: the newest load, 0 for none. Grain: one row.
SELECT coalesce(max(load_id), 0) FROM ledger.loads;
