-- Purpose: every value in force at the newest load, for every publication date
-- that can be asked for, in the order of the API.
-- Grain: one row per indicator, period, dimensions and interval of as_of.
SELECT indicador, periodo_inicio, periodo_fin, dimensiones, etiquetas, valor, numerador, denominador,
       unidad, estado, ruptura, intervalo_min, intervalo_max, notas, atributos,
       vigencia, vigencia_precision, reportes, as_of_desde, as_of_hasta
FROM valor
WHERE carga_hasta IS NULL
ORDER BY indicador, periodo_inicio, periodo_fin, dimensiones, as_of_desde;
