-- Purpose: which years the publications in force inform about, for the index.
-- Grain: one row per tag, year and report. Keys: tag, periodo_inicio, report_id.
-- estudios: a publication of a kind that counts as a study
-- (reference/tipos_publicacion.csv) came out in the year. Without a year it
-- counts for none.
SELECT DISTINCT 'estudios' AS tag, p.periodo_inicio, p.periodo_fin, p.report_id
FROM current.gttim_publicaciones p
JOIN reference.tipos_publicacion t ON t.codigo = p.tipo
WHERE t.estudio = '1' AND p.periodo_inicio IS NOT NULL
