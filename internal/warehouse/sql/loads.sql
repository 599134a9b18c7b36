-- Purpose: all loads. Grain: one row per load. Key: load_id.
SELECT * FROM ledger.loads ORDER BY load_id;
