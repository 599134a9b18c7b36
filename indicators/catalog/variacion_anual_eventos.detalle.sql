-- Purpose: what was said of the change beside what the figures give, with the
-- bases for which the words would be right: of a change said as v, rounded to d
-- decimals, those b with v − h ≤ (n/b − 1) × 100 < v + h, h half a unit of the
-- last decimal. Grain: one row per claim,
-- of any day: pages show those of their day and before. Key: afirmacion.
WITH dichos AS (
    SELECT afirmacion, texto, institucion, donde, fecha, url, CAST(valor AS DOUBLE) AS valor_dicho,
           pow(10, -CAST(decimales AS INTEGER)) / 2 AS medio,
           CAST(periodo_inicio AS DATE) AS periodo_inicio, CAST(periodo_fin AS DATE) AS periodo_fin, nota
    FROM reference.afirmaciones
    WHERE indicador = 'variacion_anual_eventos'
)
SELECT d.afirmacion, d.texto, d.institucion, d.donde, d.fecha, d.url, d.valor_dicho, d.periodo_inicio, d.periodo_fin,
       (v.numerador / v.denominador - 1) * 100 AS valor_calculado, v.numerador, v.denominador,
       CAST(floor(v.numerador / (1 + (d.valor_dicho + d.medio) / 100)) + 1 AS BIGINT) AS base_min,
       CAST(floor(v.numerador / (1 + (d.valor_dicho - d.medio) / 100)) AS BIGINT) AS base_max,
       list_sort(list_distinct(flatten(v.reportes))) AS reportes, d.nota
FROM dichos d
LEFT JOIN variacion_anual_eventos v ON v.periodo_inicio = d.periodo_inicio AND v.periodo_fin = d.periodo_fin
ORDER BY d.fecha, d.afirmacion
