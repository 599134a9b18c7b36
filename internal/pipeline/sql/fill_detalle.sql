-- Purpose: every detail line on both clocks. Grain: one row per indicator, order, content and rectangle.
INSERT INTO publicacion.detalle BY NAME
SELECT * EXCLUDE (contenido) FROM indicators.detalles
ORDER BY indicador, as_of_desde, orden;
