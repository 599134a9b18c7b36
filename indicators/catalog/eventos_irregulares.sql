-- Purpose: events per period, each from the first dataset that covers it whole:
-- the register, then the monthly table, then the bulletin's table, then published
-- points. What the others say is in conciliacion_fuentes.
-- Grain: one row per period. Keys: periodo_inicio, periodo_fin.
SELECT periodo_inicio, periodo_fin, numerador, estado, intervalo_min, intervalo_max, notas, reportes,
       publicado_en, publicado_en_precision,
       {parcial: NOT es_anio(periodo_inicio, periodo_fin) AND NOT es_mes(periodo_inicio, periodo_fin)} AS atributos
FROM eventos_por_conjunto
QUALIFY row_number() OVER (PARTITION BY periodo_inicio, periodo_fin ORDER BY orden) = 1
ORDER BY periodo_inicio, periodo_fin
