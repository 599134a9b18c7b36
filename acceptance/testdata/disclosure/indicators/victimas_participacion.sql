-- Purpose: the share of each state in the victims of a year. Grain: one row per
-- period and entidad. Keys: those.
SELECT periodo_inicio, periodo_fin, entidad, sum(victimas) AS numerador, sum(sum(victimas)) OVER (PARTITION BY periodo_inicio) AS denominador,
       list(DISTINCT report_id) AS reportes, max(publicado_en) AS publicado_en
FROM current.fgr_victimas
GROUP BY periodo_inicio, periodo_fin, entidad
