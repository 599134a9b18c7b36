-- Purpose: the calendar of sessions. Grain: one row per session. Key: sesion.
SELECT s.sesion, c.nombre AS sesion_nombre, s.anio, s.numero, s.fecha, coalesce(s.estatus, 'sin_dato') AS estatus, e.nombre AS estatus_nombre,
       s.modalidad, m.nombre AS modalidad_nombre, [s.report_id] AS reportes, s.publicado_en
FROM current.gttim_sesiones s
LEFT JOIN reference.sesiones c ON c.codigo = s.sesion
LEFT JOIN reference.estatus_sesion e ON e.codigo = coalesce(s.estatus, 'sin_dato')
LEFT JOIN reference.modalidades m ON m.codigo = s.modalidad
ORDER BY s.fecha, s.numero
