-- Purpose: for which years the directory in force is complete, for the index.
-- Only institutions and dates are read.
-- Grain: one row per tag, year and report. Keys: tag, periodo_inicio, report_id.
-- directorio: each institution that signs the minutes or produces data has an
-- entry by the end of the year. It speaks of the years up to that in which it was
-- published: nobody has yet confirmed it for a later one.
WITH entradas AS (
    SELECT i.codigo, d.report_id, d.publicado_en, d.vigente_desde
    FROM reference.instituciones i
    CROSS JOIN (SELECT DISTINCT report_id, publicado_en FROM current.gttim_directorio) r
    LEFT JOIN current.gttim_directorio d ON d.institucion = i.codigo AND d.report_id = r.report_id
    WHERE i.papel IN ('firmante', 'productora')
),
completo AS (
    SELECT max(report_id) AS report_id, max(year(publicado_en)) AS hasta, max(year(vigente_desde)) AS desde
    FROM entradas
    HAVING count(*) > 0 AND bool_and(vigente_desde IS NOT NULL)
)
SELECT 'directorio' AS tag, make_date(anio, 1, 1) AS periodo_inicio, make_date(anio, 12, 31) AS periodo_fin, report_id
FROM (SELECT CAST(unnest(generate_series(desde, hasta)) AS INTEGER) AS anio, report_id FROM completo)
