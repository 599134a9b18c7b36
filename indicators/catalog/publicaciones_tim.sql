-- Purpose: publications on migrant smuggling by year and kind; those whose year is
-- not known have no period and stay in the detail.
-- Grain: one row per year and kind (NULL: all). Keys: periodo_inicio, tipo.
SELECT periodo_inicio, periodo_fin, tipo, count(*) AS numerador, list(DISTINCT report_id) AS reportes,
       max(publicado_en) AS publicado_en, arg_max(publicado_en_precision, publicado_en) AS publicado_en_precision
FROM current.gttim_publicaciones
WHERE periodo_inicio IS NOT NULL
GROUP BY GROUPING SETS ((periodo_inicio, periodo_fin), (periodo_inicio, periodo_fin, tipo))
ORDER BY periodo_inicio, tipo
