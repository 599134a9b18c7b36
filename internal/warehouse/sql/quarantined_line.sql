-- Purpose: may the row be in the load's quarantine? It is when the line is, or, of a
-- row known by its key (line 0), when any is. Grain: one row. Parameters: load, line.
SELECT count(*) > 0 FROM ledger.quarantine
WHERE load_id = $1 AND (CAST($2 AS BIGINT) = 0 OR line = CAST($2 AS BIGINT));
