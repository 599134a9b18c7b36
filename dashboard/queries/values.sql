-- Purpose: every value that held at one load ($1; 2147483647: the newest), for
-- every publication date that can be asked for, in the order of the API.
-- Grain: one row per indicator, period, dimensions and interval of as_of.
SELECT indicador, periodo_inicio, periodo_fin, dimensiones, etiquetas, valor, numerador, denominador,
       unidad, estado, ruptura, intervalo_min, intervalo_max, notas, atributos,
       vigencia, vigencia_precision, reportes, as_of_desde, as_of_hasta
FROM valor
WHERE carga_desde <= $1 AND coalesce(carga_hasta, 2147483648) > $1
ORDER BY indicador, periodo_inicio, periodo_fin, dimensiones, as_of_desde;
