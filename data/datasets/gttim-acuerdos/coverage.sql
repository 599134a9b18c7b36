-- Purpose: which due days the agreements in force speak of. No question of the
-- index reads it.
-- Grain: one row per tag, day and report. Keys: tag, periodo_inicio, report_id.
SELECT DISTINCT 'acuerdos_gttim' AS tag, periodo_inicio, periodo_fin, report_id
FROM current.gttim_acuerdos
WHERE periodo_inicio IS NOT NULL
