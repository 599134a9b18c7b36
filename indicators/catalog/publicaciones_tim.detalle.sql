-- Purpose: the publications. Grain: one row per publication. Keys: anio, titulo.
SELECT p.anio, p.titulo, p.instituciones, p.tipo, t.nombre AS tipo_nombre, p.fecha, p.fecha_precision, p.url, [p.report_id] AS reportes, p.publicado_en
FROM current.gttim_publicaciones p
LEFT JOIN reference.tipos_publicacion t ON t.codigo = p.tipo
ORDER BY p.anio DESC NULLS LAST, p.titulo
