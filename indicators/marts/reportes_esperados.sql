-- Purpose: reports expected, received, and received in time, by year, institution and
-- dataset, and by period of each dataset.
-- Grain: one row per period, institution and dataset (NULL: all). Keys: periodo_inicio, periodo_fin, institucion, conjunto.
WITH partes AS (
    SELECT inicio_del_anio(periodo_fin) AS inicio_anio, fin_del_anio(periodo_fin) AS fin_anio, * FROM plazos_de_entrega
),
sumas AS (
    SELECT inicio_anio AS periodo_inicio, fin_anio AS periodo_fin, institucion, conjunto, count(*) AS esperados,
           count(*) FILTER (en_tiempo) AS en_tiempo, count(entregado) AS recibidos, list(report_id) AS reportes,
           max(entregado) AS ultima, max(vence) AS vencido,
           arg_max(entregado_precision, entregado) AS precision
    FROM partes
    GROUP BY GROUPING SETS ((inicio_anio, fin_anio), (inicio_anio, fin_anio, institucion), (inicio_anio, fin_anio, institucion, conjunto))
    UNION ALL
    SELECT periodo_inicio, periodo_fin, institucion, conjunto, 1, CASE WHEN en_tiempo THEN 1 ELSE 0 END, CASE WHEN entregado IS NULL THEN 0 ELSE 1 END,
           [report_id], entregado, vence, entregado_precision
    FROM partes
    WHERE datediff('month', periodo_inicio, periodo_fin) < 11
)
SELECT periodo_inicio, periodo_fin, institucion, conjunto, esperados, en_tiempo, recibidos,
       list_filter(reportes, lambda r: r IS NOT NULL) AS reportes,
       -- Without a delivery the answer is as old as the deadline that decided it.
       coalesce(greatest(ultima, vencido), vencido) AS publicado_en,
       CASE WHEN ultima > vencido THEN precision ELSE 'dia' END AS publicado_en_precision
FROM sumas
