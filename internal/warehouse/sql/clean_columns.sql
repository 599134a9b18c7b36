-- Purpose: the columns of one clean table, in order. Grain: one row per column.
-- duckdb_columns and information_schema look at every view to say the same.
SELECT name FROM pragma_table_info('clean.' || ?) ORDER BY cid;
