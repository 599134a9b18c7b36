-- Purpose: which months were published in time, for the index: by day 7 of the
-- second month after them, the contract's due day, whichever report was the first.
-- Grain: one row per tag and month. Keys: tag, periodo_inicio.
SELECT 'puntual' AS tag, periodo_inicio, periodo_fin, arg_min(report_id, (publicado_en, report_id)) AS report_id
FROM historia.upmrip_boletin_311
GROUP BY periodo_inicio, periodo_fin
HAVING min(publicado_en) <= periodo_inicio + INTERVAL 2 MONTH + INTERVAL 6 DAY
