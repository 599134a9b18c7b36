-- Purpose: how many clean rows each dataset has, about. Grain: one row per table.
SELECT table_name, estimated_size FROM duckdb_tables() WHERE schema_name = 'clean';
