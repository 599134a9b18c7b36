-- Purpose: the detail rows (questions of the index, claims) that held at one load
-- ($1; 2147483647: the newest).
-- Grain: one row per indicator, line and interval of as_of.
SELECT indicador, fila, as_of_desde, as_of_hasta
FROM detalle
WHERE carga_desde <= $1 AND coalesce(carga_hasta, 2147483648) > $1
ORDER BY indicador, orden, as_of_desde;
