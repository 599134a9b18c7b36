-- Purpose: events by month, condition, sex and age, from every dataset of tables:
-- few rows that stand for many. orden is the preference: register, monthly table, the
-- bulletin's table, which tells condition where its sheet does. The reports are those
-- that the month's rows come from.
-- Grain: one row per orden, month, condicion, sexo and grupo_edad (NULL: not told).
-- Keys: orden, periodo_inicio, condicion, sexo, grupo_edad.
WITH tablas AS (
    SELECT 1 AS orden, periodo_inicio, periodo_fin, sexo, grupo_edad, condicion, eventos, report_id, publicado_en, publicado_en_precision
    FROM current.upmrip_eventos_registro
    UNION ALL
    SELECT 2, periodo_inicio, periodo_fin, sexo, grupo_edad, condicion, eventos, report_id, publicado_en, publicado_en_precision
    FROM current.upmrip_eventos
    UNION ALL
    SELECT 3, periodo_inicio, periodo_fin, NULL, NULL,
           CASE WHEN bool_and(condicion IS NOT NULL) OVER (PARTITION BY periodo_inicio) THEN condicion END, eventos,
           report_id, publicado_en, publicado_en_precision
    FROM current.upmrip_boletin_311
),
sumas AS (
    SELECT orden, periodo_inicio, periodo_fin, condicion, sexo, grupo_edad, report_id, publicado_en, publicado_en_precision,
           suma(eventos) AS eventos
    FROM tablas GROUP BY ALL
),
procedencias AS (
    SELECT orden, periodo_inicio, periodo_fin, list(DISTINCT report_id) AS reportes, max(publicado_en) AS publicado_en,
           arg_max(publicado_en_precision, publicado_en) AS publicado_en_precision
    FROM sumas GROUP BY ALL
)
SELECT s.orden, s.periodo_inicio, s.periodo_fin, s.condicion, s.sexo, s.grupo_edad, suma(s.eventos) AS eventos,
       any_value(p.reportes) AS reportes, any_value(p.publicado_en) AS publicado_en,
       any_value(p.publicado_en_precision) AS publicado_en_precision
FROM sumas s
JOIN procedencias p USING (orden, periodo_inicio, periodo_fin)
GROUP BY ALL
