-- Purpose: events by one dimension at a time, from every dataset that has them,
-- for the compositions. orden is the preference: register, monthly table, the
-- bulletin's table, published points. The bulletin tells nationality, and condition
-- where its sheet does: a period with a month in which it does not is left out.
-- Grain: one row per orden, dimension, code and period (of the tables, months,
-- the whole or partial years and the published periods that they cover; of points,
-- the periods published). The reports of a part are those that its period's rows
-- come from.
-- Keys: orden, dimension, codigo, periodo_inicio, periodo_fin.
WITH meses AS (
    SELECT DISTINCT orden, periodo_inicio, periodo_fin, reportes, publicado_en, publicado_en_precision FROM eventos_por_mes
),
tablas AS (
    SELECT 1 AS orden, periodo_inicio, periodo_fin, entidad, nacionalidad, eventos FROM current.upmrip_eventos_registro
    UNION ALL
    SELECT 2, periodo_inicio, periodo_fin, entidad, nacionalidad, eventos FROM current.upmrip_eventos
    UNION ALL
    SELECT 3, periodo_inicio, periodo_fin, NULL, nacionalidad, eventos FROM current.upmrip_boletin_311
),
lugares AS MATERIALIZED (
    SELECT orden, periodo_inicio, periodo_fin, entidad, nacionalidad, suma(eventos) AS eventos FROM tablas GROUP BY ALL
),
seguidos AS (
    SELECT orden, periodo_inicio, periodo_fin, inicio_del_anio(periodo_inicio) AS inicio_anio,
           numero_del_mes(periodo_inicio) - row_number() OVER (PARTITION BY orden, inicio_del_anio(periodo_inicio) ORDER BY periodo_inicio) AS salto
    FROM meses
),
anios AS (
    SELECT orden, inicio_anio, max(periodo_fin) AS fin FROM seguidos WHERE salto = 0 GROUP BY orden, inicio_anio
),
sumas AS (
    SELECT orden, periodo_inicio, periodo_fin, 'condicion' AS dimension, condicion AS codigo, suma(eventos) AS eventos FROM eventos_por_mes GROUP BY ALL
    UNION ALL
    SELECT orden, periodo_inicio, periodo_fin, 'nacionalidad', nacionalidad, suma(eventos) FROM lugares GROUP BY ALL
    UNION ALL
    SELECT orden, periodo_inicio, periodo_fin, 'entidad', entidad, suma(eventos) FROM lugares GROUP BY ALL
    UNION ALL
    SELECT orden, periodo_inicio, periodo_fin, 'sexo', sexo, suma(eventos) FROM eventos_por_mes GROUP BY ALL
    UNION ALL
    SELECT orden, periodo_inicio, periodo_fin, 'grupo_edad', grupo_edad, suma(eventos) FROM eventos_por_mes GROUP BY ALL
    UNION ALL
    SELECT orden, periodo_inicio, periodo_fin, 'grupo_edad,sexo', grupo_edad || ',' || sexo, suma(eventos) FROM eventos_por_mes GROUP BY ALL
),
partes AS (
    SELECT * FROM sumas JOIN meses USING (orden, periodo_inicio, periodo_fin)
),
-- The periods for which eventos_irregulares may take its total from a table: a
-- share never has its part of one dataset and its total of another.
periodos AS (
    SELECT inicio_anio AS periodo_inicio, fin AS periodo_fin FROM anios
    UNION
    SELECT periodo_inicio, periodo_fin FROM current.cifras_publicadas WHERE serie = 'upmrip_eventos_smi' AND dimension = ''
),
cubiertos AS (
    SELECT m.orden, p.periodo_inicio, p.periodo_fin
    FROM periodos p
    JOIN meses m ON m.periodo_inicio >= p.periodo_inicio AND m.periodo_fin <= p.periodo_fin
    WHERE p.periodo_fin > last_day(p.periodo_inicio)
    GROUP BY ALL
    HAVING count(*) = datediff('month', p.periodo_inicio, p.periodo_fin) + 1
       AND min(m.periodo_inicio) = p.periodo_inicio AND max(m.periodo_fin) = p.periodo_fin
),
sin_desglose AS (
    SELECT DISTINCT orden, dimension, periodo_inicio, periodo_fin FROM partes WHERE orden = 3 AND codigo IS NULL
),
por_periodo AS (
    SELECT p.orden, a.periodo_inicio, a.periodo_fin, p.dimension, p.codigo, suma(p.eventos) AS eventos,
           flatten(list(p.reportes)) AS reportes, max(p.publicado_en) AS publicado_en,
           arg_max(p.publicado_en_precision, p.publicado_en) AS publicado_en_precision
    FROM partes p
    JOIN cubiertos a ON a.orden = p.orden AND p.periodo_inicio >= a.periodo_inicio AND p.periodo_fin <= a.periodo_fin
    WHERE NOT EXISTS (SELECT 1 FROM sin_desglose d
                      WHERE d.orden = p.orden AND d.dimension = p.dimension
                        AND d.periodo_inicio >= a.periodo_inicio AND d.periodo_fin <= a.periodo_fin)
    GROUP BY ALL
)
SELECT *, false AS redondeado, CAST(NULL AS VARCHAR) AS nota FROM partes
UNION ALL
SELECT *, false, NULL FROM por_periodo
UNION ALL
SELECT 9, periodo_inicio, periodo_fin, dimension, codigos, valor, [report_id], publicado_en, publicado_en_precision, redondeado, nota
FROM current.cifras_publicadas
WHERE serie = 'upmrip_eventos_smi' AND dimension <> ''
