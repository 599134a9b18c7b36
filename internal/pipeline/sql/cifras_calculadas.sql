-- Purpose: every value of some indicators (a JSON list of ids) as it was computed,
-- on both clocks. Grain: one row per line.
SELECT indicador, contenido, as_of_desde, as_of_hasta, carga_desde, carga_hasta
FROM indicators.valores
WHERE list_contains(CAST(CAST(CAST(? AS VARCHAR) AS JSON) AS VARCHAR[]), indicador)
ORDER BY indicador, periodo_inicio, periodo_fin, dimensiones, as_of_desde, carga_desde;
