-- Purpose: the revision table: each value by the day it was published, with its
-- change on the value before. Grain: one row per dataset, series, period and publication.
-- Keys: conjunto, serie, periodo_inicio, periodo_fin, publicado_en, report_id.
SELECT v.conjunto, v.serie, s.nombre AS serie_nombre, v.periodo_inicio, v.periodo_fin, v.publicado_en, v.publicado_en_precision, v.valor,
       v.valor - lag(v.valor) OVER w AS diferencia, (razon(v.valor, lag(v.valor) OVER w) - 1) * 100 AS cambio, [v.report_id] AS reportes
FROM vigencias_de_cifras v
JOIN magnitud_revisiones m USING (conjunto, serie, periodo_inicio, periodo_fin)
LEFT JOIN reference.series s ON s.codigo = v.serie
WINDOW w AS (PARTITION BY v.conjunto, v.serie, v.periodo_inicio, v.periodo_fin ORDER BY v.publicado_en, v.report_id)
ORDER BY v.conjunto, v.serie, v.periodo_inicio, v.periodo_fin, v.publicado_en, v.report_id
