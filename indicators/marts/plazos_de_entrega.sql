-- Purpose: of every period whose deadline has passed as of the variable hoy, the
-- first delivery that covers it whole, if any, and whether it came in time. Only
-- datasets with a declared cadence are expected; a delivery in another declared
-- form of the dataset is one of its own.
-- Grain: one row per dataset and period. Keys: conjunto, periodo_inicio.
WITH vencidos AS (
    SELECT conjunto, institucion, CAST(periodo_inicio AS DATE) AS periodo_inicio, CAST(periodo_fin AS DATE) AS periodo_fin,
           CAST(vence AS DATE) AS vence
    FROM reference.vencimientos_periodo
    WHERE CAST(vence AS DATE) < getvariable('hoy')
)
SELECT v.conjunto, v.institucion, v.periodo_inicio, v.periodo_fin, v.vence, min(e.publicado_en) AS entregado,
       arg_min(e.publicado_en_precision, (e.publicado_en, e.report_id)) AS entregado_precision,
       arg_min(e.report_id, (e.publicado_en, e.report_id)) AS report_id,
       coalesce(min(e.publicado_en) <= v.vence, false) AS en_tiempo
FROM vencidos v
JOIN reference.formas f ON f.conjunto = v.conjunto
LEFT JOIN entregas e
       ON e.conjunto = f.forma AND e.primer_periodo <= v.periodo_inicio AND e.ultimo_periodo >= v.periodo_fin
GROUP BY v.conjunto, v.institucion, v.periodo_inicio, v.periodo_fin, v.vence
