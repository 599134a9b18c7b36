-- Purpose: the tables to compare and their columns, but for what belongs to the
-- run and not to what was loaded: times, durations, numbers of publications. The
-- dictionary codes of raw are given in the order in which parsers meet spellings;
-- what they stand for is compared in raw.diccionario and in clean. Rows as they are
-- stored hold such codes: the views that read them are compared.
-- Grain: one row per column. Keys: schema, table, column.
SELECT c.schema_name, c.table_name, c.column_name
FROM duckdb_columns() c
JOIN (SELECT table_oid, database_name, schema_name FROM duckdb_tables() WHERE schema_name <> 'stored'
      UNION ALL SELECT view_oid, database_name, schema_name FROM duckdb_views() WHERE schema_name = 'raw') t
  ON t.table_oid = c.table_oid AND t.database_name = c.database_name AND t.schema_name = c.schema_name
WHERE c.database_name = current_database() AND NOT c.internal
  AND c.data_type NOT IN ('TIMESTAMP', 'TIMESTAMP WITH TIME ZONE')
  AND c.column_name NOT IN ('segundos', 'publication_id')
  AND (c.schema_name, c.table_name) NOT IN (('main', 'publicacion'), ('ledger', 'publications'))
  AND c.schema_name <> 'reference'
  AND (c.schema_name <> 'raw' OR c.data_type <> 'INTEGER' OR c.column_name = 'load_id')
  AND (c.schema_name, c.table_name, c.column_name) NOT IN (('raw', 'claves', 'codigo'))
ORDER BY 1, 2, c.column_index
