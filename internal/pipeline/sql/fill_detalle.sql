-- Purpose: every detail line on both clocks, but of protected indicators (a JSON
-- list of ids), of which only values are published. Grain: one row per indicator, order, content and rectangle.
INSERT INTO publicacion.detalle BY NAME
SELECT * EXCLUDE (contenido) FROM indicators.detalles
WHERE NOT list_contains(CAST(CAST(CAST(? AS VARCHAR) AS JSON) AS VARCHAR[]), indicador)
ORDER BY indicador, as_of_desde, orden;
