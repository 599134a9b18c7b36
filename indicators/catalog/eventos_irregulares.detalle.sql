-- Purpose: what was said of the number of events beside the published figure.
-- Grain: one row per claim,
-- of any day: pages show those of their day and before. Key: afirmacion.
SELECT a.afirmacion, a.texto, a.institucion, a.donde, a.fecha, a.url, a.forma, CAST(a.valor AS DOUBLE) AS valor_dicho,
       CAST(a.periodo_inicio AS DATE) AS periodo_inicio, CAST(a.periodo_fin AS DATE) AS periodo_fin,
       v.numerador AS valor_calculado, v.numerador - CAST(a.valor AS DOUBLE) AS diferencia, v.reportes, a.nota
FROM reference.afirmaciones a
LEFT JOIN eventos_irregulares v
       ON v.periodo_inicio = CAST(a.periodo_inicio AS DATE) AND v.periodo_fin = CAST(a.periodo_fin AS DATE)
WHERE a.indicador = 'eventos_irregulares'
ORDER BY a.fecha, a.afirmacion
