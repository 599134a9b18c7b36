-- Purpose: lets DuckDB store rows in any order, as a load that keeps line numbers may.
SET preserve_insertion_order = false;
