-- Purpose: the status of each local protection route.
-- Grain: one row per state. Key: entidad.
SELECT r.entidad, e.nombre AS entidad_nombre, coalesce(r.estatus, 'sin_dato') AS estatus, s.nombre AS estatus_nombre, r.fecha, r.evidencia,
       [r.report_id] AS reportes, r.publicado_en
FROM current.oim_rutas_proteccion r
JOIN reference.entidades e ON e.codigo = r.entidad
JOIN reference.estatus_ruta s ON s.codigo = coalesce(r.estatus, 'sin_dato')
ORDER BY e.nombre
