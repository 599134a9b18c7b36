-- Purpose: the clean tables of which each row may tell its own day of publication. Grain:
-- one row per table. duckdb_columns would look at every view there is to say the same,
-- and some of them are other people's.
SELECT table_name FROM duckdb_tables() WHERE schema_name = 'clean' AND regexp_matches(sql, '[(, ]publicado_en ');
