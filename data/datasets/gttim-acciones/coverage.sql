-- Purpose: for which years an answer is in force, by question.
-- Grain: one row per question, year and report. Keys: tag, periodo_inicio, report_id.
SELECT DISTINCT pregunta AS tag, periodo_inicio, periodo_fin, report_id
FROM current.gttim_acciones
