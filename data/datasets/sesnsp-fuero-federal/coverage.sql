-- Purpose: which months the rows in force inform about, for the index.
-- Grain: one row per tag, month and report. Keys: tag, periodo_inicio, report_id.
-- ley_migracion: the month has case files of Ley de Migración by state.
SELECT DISTINCT 'ley_migracion' AS tag, c.periodo_inicio, c.periodo_fin, c.report_id
FROM current.sesnsp_fuero_federal c
JOIN reference.entidades e ON e.codigo = c.entidad AND e.tipo = 'estado'
WHERE c.tipo = 'LEY DE MIGRACION'
