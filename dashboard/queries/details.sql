-- Purpose: the detail rows (questions of the index, claims) in force at the
-- newest load.
-- Grain: one row per indicator, line and interval of as_of.
SELECT indicador, fila, as_of_desde, as_of_hasta
FROM detalle
WHERE carga_hasta IS NULL
ORDER BY indicador, orden, as_of_desde;
