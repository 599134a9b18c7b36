-- Purpose: how far the newest published value of a series and period lies from
-- the first. Grain: one row per dataset, series and period published more than once.
-- Keys: conjunto, serie, periodo_inicio, periodo_fin.
SELECT periodo_inicio, periodo_fin, conjunto, serie,
       arg_max(valor, (publicado_en, report_id)) AS numerador, arg_min(valor, (publicado_en, report_id)) AS denominador,
       CASE WHEN count(DISTINCT valor) > 1 THEN 'revisado' ELSE 'definitivo' END AS estado,
       {publicaciones: count(*), valores_distintos: count(DISTINCT valor),
        diferencia: arg_max(valor, (publicado_en, report_id)) - arg_min(valor, (publicado_en, report_id)),
        primera: min(publicado_en)} AS atributos,
       list(DISTINCT report_id) AS reportes, max(publicado_en) AS publicado_en,
       arg_max(publicado_en_precision, (publicado_en, report_id)) AS publicado_en_precision
FROM vigencias_de_cifras
GROUP BY periodo_inicio, periodo_fin, conjunto, serie
HAVING count(*) > 1
ORDER BY periodo_inicio, periodo_fin, conjunto, serie
