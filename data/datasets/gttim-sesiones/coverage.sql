-- Purpose: which days the calendar in force speaks of. No question of the index
-- reads it.
-- Grain: one row per tag, day and report. Keys: tag, periodo_inicio, report_id.
SELECT DISTINCT 'sesiones' AS tag, periodo_inicio, periodo_fin, report_id
FROM current.gttim_sesiones
