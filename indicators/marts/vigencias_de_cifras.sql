-- Purpose: every value that was published for one series and period, by the day
-- of publication, before and after revision. Rounded points are left out: a finer
-- figure is no revision of a rounded one.
-- Grain: one row per dataset, series, period and publication. Keys: conjunto, serie, periodo_inicio, periodo_fin, publicado_en, report_id.
SELECT 'cifras-publicadas' AS conjunto, serie, periodo_inicio, periodo_fin, CAST(valor AS DOUBLE) AS valor, report_id, publicado_en, publicado_en_precision
FROM historia.cifras_publicadas
WHERE dimension = '' AND NOT redondeado
UNION ALL
SELECT conjunto, 'upmrip_eventos_smi', periodo_inicio, periodo_fin, eventos, report_id, publicado_en, publicado_en_precision
FROM eventos_dichos
UNION ALL
SELECT 'sesnsp-fuero-federal', 'sesnsp_ley_migracion', periodo_inicio, periodo_fin, suma(carpetas), report_id, publicado_en, any_value(publicado_en_precision)
FROM historia.sesnsp_fuero_federal WHERE tipo = 'LEY DE MIGRACION' GROUP BY ALL
