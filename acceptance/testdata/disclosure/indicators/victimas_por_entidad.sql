-- Purpose: victims by year, state and sex, with every margin.
-- Grain: one row per period, entidad and sexo; NULL: all. Keys: those.
SELECT periodo_inicio, periodo_fin, entidad, sexo, sum(victimas) AS numerador, list(DISTINCT report_id) AS reportes,
       max(publicado_en) AS publicado_en, ['Suma de ' || sum(victimas)::VARCHAR || ' víctimas.'] AS notas,
       {suma: sum(victimas)} AS atributos
FROM current.fgr_victimas
GROUP BY periodo_inicio, periodo_fin, GROUPING SETS ((), (entidad), (sexo), (entidad, sexo))
