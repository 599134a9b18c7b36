-- Purpose: what a declared text is as SQL, without running it. Grain: one row: the mistake ('' for none), its place from 0 (-1 for none), and how many statements there are.
SELECT coalesce(json_extract_string(j, '$.error_message'), ''),
       coalesce(CAST(json_extract_string(j, '$.position') AS INTEGER), -1),
       coalesce(json_array_length(j -> 'statements'), 0)
FROM (SELECT json_serialize_sql(CAST(? AS VARCHAR)) AS j);
