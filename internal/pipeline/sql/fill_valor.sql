-- Purpose: every value on both clocks. Grain: one row per indicator, period, dimensions and rectangle.
INSERT INTO publicacion.valor BY NAME
SELECT * EXCLUDE (contenido) FROM indicators.valores
ORDER BY indicador, periodo_inicio, periodo_fin, dimensiones, as_of_desde;
