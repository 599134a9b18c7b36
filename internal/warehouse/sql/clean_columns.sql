-- Purpose: the columns of one clean table, in order. Grain: one row per column.
SELECT column_name FROM information_schema.columns
WHERE table_schema = 'clean' AND table_name = ?
ORDER BY ordinal_position;
