-- Purpose: events of each whole year over those of the year before.
-- Grain: one row per year that has a year before. Keys: periodo_inicio, periodo_fin.
WITH anios AS (
    SELECT * FROM eventos_irregulares WHERE es_anio(periodo_inicio, periodo_fin)
),
cambios AS (
    SELECT a.periodo_inicio, a.periodo_fin, a.numerador, b.numerador AS denominador,
           CASE WHEN 'estimado' IN (a.estado, b.estado) THEN 'estimado'
                WHEN 'preliminar' IN (a.estado, b.estado) THEN 'preliminar'
                WHEN 'revisado' IN (a.estado, b.estado) THEN 'revisado'
                ELSE 'definitivo' END AS estado,
           (SELECT count(*) > 0 FROM rupturas r
            WHERE r.indicador = 'eventos_irregulares' AND r.desde > b.periodo_inicio AND r.desde <= a.periodo_inicio) AS ruptura,
           list_distinct(list_filter(list_concat(a.notas, b.notas), lambda n: n LIKE 'Aviso de conciliación%')) AS avisos,
           [a.reportes, b.reportes] AS reportes,
           greatest(a.publicado_en, b.publicado_en) AS publicado_en,
           CASE WHEN a.publicado_en >= b.publicado_en THEN a.publicado_en_precision ELSE b.publicado_en_precision END AS publicado_en_precision,
           (b.intervalo_min IS NOT NULL OR a.intervalo_min IS NOT NULL) AS con_intervalo,
           (coalesce(a.intervalo_min, a.numerador) / coalesce(b.intervalo_max, b.numerador) - 1) * 100 AS intervalo_bajo,
           (coalesce(a.intervalo_max, a.numerador) / coalesce(b.intervalo_min, b.numerador) - 1) * 100 AS intervalo_alto
    FROM anios a
    JOIN anios b ON b.periodo_inicio = a.periodo_inicio - INTERVAL 1 YEAR
)
SELECT * EXCLUDE (con_intervalo, intervalo_bajo, intervalo_alto, avisos),
       CASE WHEN con_intervalo THEN intervalo_bajo END AS intervalo_min,
       CASE WHEN con_intervalo THEN intervalo_alto END AS intervalo_max,
       list_concat(CASE WHEN ruptura THEN ['Cruza un cambio de método: no es un cambio simple.'] ELSE CAST([] AS VARCHAR[]) END,
                   list_sort(avisos)) AS notas
FROM cambios
ORDER BY periodo_inicio
