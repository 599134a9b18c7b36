-- Purpose: the tables of the file, whichever program made them. Grain: one row per
-- table. Key: schema_name, table_name.
SELECT schema_name, table_name FROM duckdb_tables()
WHERE database_name = current_database() AND NOT internal AND NOT temporary
ORDER BY ALL;
