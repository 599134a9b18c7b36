-- Purpose: which years the routes in force inform about, for the index.
-- Grain: one row per tag, year and report. Keys: tag, periodo_inicio, report_id.
-- rutas: the status of every route dated in the year is known. A row that says
-- "sin dato" is the absence of an answer.
SELECT 'rutas' AS tag, make_date(year(fecha), 1, 1) AS periodo_inicio, make_date(year(fecha), 12, 31) AS periodo_fin, report_id
FROM current.oim_rutas_proteccion
GROUP BY ALL
HAVING bool_and(estatus <> 'sin_dato')
