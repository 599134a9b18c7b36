-- Purpose: what became of the quarantined rows of each load, but of datasets whose
-- counts are protected (a JSON list of ids). Grain: one row per load, state and load
-- that closed the rows. Key: carga, estado, por.
WITH filas AS (
    SELECT load_id, estado, por, lead(load_id) OVER (PARTITION BY report_id, line ORDER BY load_id) AS siguiente
    FROM ledger.cuarentena
    WHERE NOT list_contains(CAST(CAST(CAST(? AS VARCHAR) AS JSON) AS VARCHAR[]), dataset)
)
SELECT load_id AS carga,
       CASE WHEN siguiente IS NOT NULL THEN 'pendiente' WHEN estado = 'repetida' THEN 'incorporada' ELSE estado END AS estado,
       coalesce(siguiente, por) AS por, count(*) AS filas
FROM filas
GROUP BY ALL
ORDER BY ALL;
