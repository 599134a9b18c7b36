-- Purpose: the last load done by a moment, 0 for none. Loads are ordered by number:
-- a clock can be set back. Grain: one row.
SELECT coalesce(max(load_id), 0) FROM ledger.loads WHERE finished_at <= CAST($1 AS TIMESTAMP);
