-- Purpose: events per period as each dataset that covers it whole gives them. orden
-- is the preference: register, monthly table, the bulletin's table, published points.
-- Grain: one row per dataset and period. Keys: orden, periodo_inicio, periodo_fin.
WITH mensual AS (
    SELECT orden, periodo_inicio, periodo_fin, suma(eventos) AS eventos, any_value(reportes) AS reportes,
           any_value(publicado_en) AS publicado_en, any_value(publicado_en_precision) AS publicado_en_precision
    FROM eventos_por_mes GROUP BY orden, periodo_inicio, periodo_fin
),
corregidos AS (
    SELECT DISTINCT m.orden, m.periodo_inicio
    FROM mensual m
    JOIN eventos_dichos d ON d.orden = m.orden AND d.periodo_inicio = m.periodo_inicio AND d.publicado_en <= m.publicado_en
                 AND d.eventos <> m.eventos AND NOT list_contains(m.reportes, d.report_id)
),
puntos AS (
    SELECT * FROM current.cifras_publicadas WHERE serie = 'upmrip_eventos_smi' AND dimension = ''
),
-- The months of a year up to the first gap: a year with missing months is the
-- partial period that it is.
seguidos AS (
    SELECT orden, periodo_inicio, periodo_fin,
           inicio_del_anio(periodo_inicio) AS inicio_anio,
           numero_del_mes(periodo_inicio) - row_number() OVER (PARTITION BY orden, inicio_del_anio(periodo_inicio) ORDER BY periodo_inicio) AS salto
    FROM mensual
),
periodos AS (
    SELECT periodo_inicio, periodo_fin FROM mensual
    UNION SELECT periodo_inicio, periodo_fin FROM puntos
    UNION SELECT inicio_anio, max(periodo_fin) FROM seguidos WHERE salto = 0 GROUP BY orden, inicio_anio
),
sumas AS (
    SELECT m.orden, p.periodo_inicio, p.periodo_fin, suma(m.eventos) AS eventos,
           flatten(list(m.reportes)) AS reportes, max(m.publicado_en) AS publicado_en,
           arg_max(m.publicado_en_precision, m.publicado_en) AS publicado_en_precision, count(c.orden) > 0 AS revisado
    FROM periodos p
    JOIN mensual m ON m.periodo_inicio >= p.periodo_inicio AND m.periodo_fin <= p.periodo_fin
    LEFT JOIN corregidos c ON c.orden = m.orden AND c.periodo_inicio = m.periodo_inicio
    GROUP BY m.orden, p.periodo_inicio, p.periodo_fin
    HAVING count(*) = datediff('month', p.periodo_inicio, p.periodo_fin) + 1
       AND min(m.periodo_inicio) = p.periodo_inicio AND max(m.periodo_fin) = p.periodo_fin
),
revisados AS (
    SELECT DISTINCT p.periodo_inicio, p.periodo_fin
    FROM puntos p
    JOIN historia.cifras_publicadas h
      ON h.serie = p.serie AND h.dimension = '' AND h.periodo_inicio = p.periodo_inicio AND h.periodo_fin = p.periodo_fin
     AND h.publicado_en < p.publicado_en AND h.valor <> p.valor
),
respuestas AS (
    SELECT orden, periodo_inicio, periodo_fin, eventos AS numerador,
           CASE WHEN revisado THEN 'revisado' ELSE 'definitivo' END AS estado,
           CAST(NULL AS DOUBLE) AS intervalo_min, CAST(NULL AS DOUBLE) AS intervalo_max,
           CAST([] AS VARCHAR[]) AS notas, reportes, publicado_en, publicado_en_precision
    FROM sumas
    UNION ALL
    SELECT 9, p.periodo_inicio, p.periodo_fin, p.valor,
           CASE WHEN p.redondeado THEN 'estimado'
                WHEN p.preliminar THEN 'preliminar'
                WHEN r.periodo_inicio IS NOT NULL THEN 'revisado'
                ELSE 'definitivo' END,
           CASE WHEN p.redondeado THEN p.valor - mitad_del_redondeo(p.valor) END,
           CASE WHEN p.redondeado THEN p.valor + mitad_del_redondeo(p.valor) END,
           CASE WHEN p.nota IS NULL OR p.nota = '' THEN CAST([] AS VARCHAR[]) ELSE [p.nota] END,
           [p.report_id], p.publicado_en, p.publicado_en_precision
    FROM puntos p
    LEFT JOIN revisados r ON r.periodo_inicio = p.periodo_inicio AND r.periodo_fin = p.periodo_fin
)
SELECT orden, CASE orden WHEN 1 THEN 'upmrip-eventos-registro' WHEN 2 THEN 'upmrip-eventos' WHEN 3 THEN 'upmrip-boletin-311'
                         ELSE 'cifras-publicadas' END AS conjunto,
       * EXCLUDE (orden)
FROM respuestas
