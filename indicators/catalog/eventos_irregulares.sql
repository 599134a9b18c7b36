-- Purpose: events per period, each from the first dataset that covers it whole:
-- the register, then the monthly table, then the bulletin's table, then published
-- points. What the others say is in conciliacion_fuentes; a figure far below the
-- largest of them has a note that says so.
-- Grain: one row per period. Keys: periodo_inicio, periodo_fin.
WITH respuestas AS (
    SELECT *, row_number() OVER (PARTITION BY periodo_inicio, periodo_fin ORDER BY orden) AS lugar,
           max(numerador) FILTER (WHERE estado <> 'estimado') OVER periodo AS mayor,
           arg_max(conjunto, numerador) FILTER (WHERE estado <> 'estimado') OVER periodo AS conjunto_mayor
    FROM eventos_por_conjunto
    WINDOW periodo AS (PARTITION BY periodo_inicio, periodo_fin)
)
SELECT periodo_inicio, periodo_fin, numerador, estado, intervalo_min, intervalo_max,
       list_concat(aviso_por_debajo(periodo_inicio, periodo_fin, numerador, conjunto_mayor, mayor), notas) AS notas, reportes,
       publicado_en, publicado_en_precision,
       {parcial: NOT es_anio(periodo_inicio, periodo_fin) AND NOT es_mes(periodo_inicio, periodo_fin)} AS atributos
FROM respuestas
WHERE lugar = 1
ORDER BY periodo_inicio, periodo_fin
