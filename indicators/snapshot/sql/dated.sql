-- Purpose: datasets whose rows may tell a day of publication of their own. Grain: one
-- row per table.
SELECT table_name FROM duckdb_columns() WHERE schema_name = 'clean' AND column_name = 'publicado_en';
