-- Purpose: what became of quarantined rows, by load. Grain: one row per load, state
-- and load that closed the rows. Key: carga, estado, por.
SELECT carga, estado, coalesce(por, 0), filas
FROM estado_cuarentena
ORDER BY carga, estado, por;
