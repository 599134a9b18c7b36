-- Purpose: events per period, each from the first dataset that covers it whole:
-- the register, then the monthly table, then the bulletin's table, then published
-- points. What the others say is in conciliacion_fuentes.
-- Grain: one row per period. Keys: periodo_inicio, periodo_fin.
SELECT periodo_inicio, periodo_fin, numerador, estado, intervalo_min, intervalo_max, notas, reportes,
       publicado_en, publicado_en_precision,
       {parcial: NOT (month(periodo_inicio) = 1 AND day(periodo_inicio) = 1 AND month(periodo_fin) = 12
                      AND day(periodo_fin) = 31)
                 AND NOT (periodo_fin = last_day(periodo_inicio) AND day(periodo_inicio) = 1)} AS atributos
FROM eventos_por_conjunto
QUALIFY row_number() OVER (PARTITION BY periodo_inicio, periodo_fin ORDER BY orden) = 1
ORDER BY periodo_inicio, periodo_fin
