-- Purpose: the newest publication recorded, 0 for none. Grain: one row.
SELECT coalesce(max(publication_id), 0) FROM ledger.publications;
