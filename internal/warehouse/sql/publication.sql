-- Purpose: what the ledger knows of a publication. Grain: at most one row. Key: publication_id.
SELECT published_at, day, last_load, input_hash FROM ledger.publications WHERE publication_id = ?;
