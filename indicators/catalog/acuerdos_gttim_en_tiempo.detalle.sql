-- Purpose: the agreements of the working group with who answers for each.
-- Grain: one row per agreement. Key: acuerdo.
SELECT a.acuerdo, a.sesion, a.texto, a.responsables, a.fecha_compromiso, coalesce(a.estatus, 'sin_dato') AS estatus,
       s.nombre AS estatus_nombre, a.fecha_cumplimiento, [a.report_id] AS reportes, a.publicado_en
FROM current.gttim_acuerdos a
JOIN reference.estatus s ON s.codigo = coalesce(a.estatus, 'sin_dato')
ORDER BY a.fecha_compromiso, a.acuerdo
