-- Purpose: which years the register in force informs about, for the index.
-- Grain: one row per tag, year and report. Keys: tag, periodo_inicio, report_id.
-- acuerdos: every agreement taken in a session of the year has a responsible
-- institution (its status is always there). One agreement without it leaves the
-- year uncovered: the question asks for the agreements with both.
SELECT 'acuerdos' AS tag, make_date(year(fecha_sesion), 1, 1) AS periodo_inicio,
       make_date(year(fecha_sesion), 12, 31) AS periodo_fin, report_id
FROM current.sspc_mesa_acuerdos
GROUP BY ALL
HAVING bool_and(institucion IS NOT NULL AND estatus IS NOT NULL)
