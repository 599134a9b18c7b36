-- Purpose: for which years the plan in force says that the guide is done, for
-- the index.
-- Grain: one row per tag, year and report. Keys: tag, periodo_inicio, report_id.
-- accion_1_2: the action of that year's plan that reference/acciones_plan.csv
-- ties to question E4 is fulfilled. The table decides, since another year's plan
-- may number its actions otherwise.
SELECT 'accion_1_2' AS tag, p.periodo_inicio, p.periodo_fin, p.report_id
FROM current.gttim_plan_trabajo p
JOIN reference.acciones_plan a ON a.anio = CAST(p.anio AS VARCHAR) AND a.accion = p.accion
WHERE a.pregunta = 'E4' AND p.estatus = 'cumplido'
