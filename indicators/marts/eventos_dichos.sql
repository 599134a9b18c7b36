-- Purpose: what each report gave for a month of events, in force or superseded. orden
-- is the preference: register, monthly table, the bulletin's table.
-- Grain: one row per orden, month and publication. Keys: orden, periodo_inicio, report_id, publicado_en.
SELECT 1 AS orden, 'upmrip-eventos-registro' AS conjunto, periodo_inicio, periodo_fin, report_id, publicado_en, suma(eventos) AS eventos,
       any_value(publicado_en_precision) AS publicado_en_precision
FROM historia.upmrip_eventos_registro GROUP BY ALL
UNION ALL
SELECT 2, 'upmrip-eventos', periodo_inicio, periodo_fin, report_id, publicado_en, suma(eventos), any_value(publicado_en_precision)
FROM historia.upmrip_eventos GROUP BY ALL
UNION ALL
SELECT 3, 'upmrip-boletin-311', periodo_inicio, periodo_fin, report_id, publicado_en, suma(eventos), any_value(publicado_en_precision)
FROM historia.upmrip_boletin_311 GROUP BY ALL
