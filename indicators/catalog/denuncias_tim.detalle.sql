-- Purpose: every crime reported in each published period, beside the total.
-- Grain: one row per period, crime and sex in force; '' for totals.
-- Keys: periodo_inicio, periodo_fin, delito, sexo.
SELECT d.periodo_inicio, d.periodo_fin, d.delito, coalesce(c.nombre, d.delito) AS delito_nombre, d.sexo, coalesce(s.plural, d.sexo) AS sexo_nombre,
       d.denuncias, [d.report_id] AS reportes, d.publicado_en
FROM current.upmrip_denuncias d
LEFT JOIN reference.delitos c ON c.codigo = d.delito
LEFT JOIN reference.sexo s ON s.codigo = d.sexo
ORDER BY d.periodo_fin DESC, d.periodo_inicio, d.delito <> '', d.denuncias DESC, d.sexo
