-- Purpose: the actions of the plan, by axis, with who answers for each.
-- Grain: one row per year and action. Keys: anio, accion.
SELECT p.anio, p.eje, e.nombre AS eje_nombre, p.accion, p.texto, p.responsables, p.coadyuvantes, coalesce(p.estatus, 'sin_dato') AS estatus,
       s.nombre AS estatus_nombre, p.fecha_compromiso, p.fecha_cumplimiento, p.evidencia, [p.report_id] AS reportes, p.publicado_en
FROM current.gttim_plan_trabajo p
JOIN reference.ejes_plan e ON e.codigo = CAST(p.eje AS VARCHAR)
JOIN reference.estatus s ON s.codigo = coalesce(p.estatus, 'sin_dato')
ORDER BY p.anio DESC, p.accion
