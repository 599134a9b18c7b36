-- Purpose: the answer to each question of the diagnostic's index in each year,
-- as of the variable hoy: from reports in force where the question names a
-- dataset, else from the institutions' own answers in gttim-acciones.
-- si: evidence is there; no: the deadline has passed without it, or a
-- responsible institution said so; sin_dato: nobody has answered. What an
-- institution says of a question that is not its own does not count.
-- Grain: one row per year and question. Keys: anio, pregunta.
WITH anios AS (
    SELECT CAST(anio AS INTEGER) AS anio FROM reference.anios
    WHERE make_date(CAST(anio AS INTEGER), 1, 1) <= getvariable('hoy')
),
preguntas AS (
    SELECT p.codigo AS pregunta, p.eje, CAST(p.orden AS INTEGER) AS orden, p.texto, p.evidencia, p.cobertura,
           string_split(p.responsables, '|') AS responsables, string_split(p.conjuntos, '|') AS conjuntos,
           CASE p.periodos WHEN 'mes' THEN 12 ELSE 1 END AS esperados,
           CAST(p.minimo AS DOUBLE) AS minimo, CAST(p.peso AS DOUBLE) AS peso
    FROM reference.preguntas p
),
cubierto AS (
    SELECT a.anio, p.pregunta, count(DISTINCT c.periodo_inicio) AS periodos, flatten(list(c.reportes)) AS reportes,
           max(c.publicado_en) AS publicado_en
    FROM anios a
    JOIN preguntas p ON p.evidencia = 'reporte'
    JOIN cobertura c
      ON list_contains(p.conjuntos, c.conjunto) AND c.tag = p.cobertura
     AND c.periodo_inicio <= make_date(a.anio, 12, 31) AND c.periodo_fin BETWEEN make_date(a.anio, 1, 1) AND make_date(a.anio, 12, 31)
    GROUP BY a.anio, p.pregunta
),
plazos AS (
    SELECT CAST(v.anio AS INTEGER) AS anio, p.pregunta, max(CAST(v.vence AS DATE)) AS vence
    FROM preguntas p
    JOIN reference.vencimientos v ON list_contains(p.conjuntos, v.conjunto)
    GROUP BY ALL
),
por_reporte AS (
    SELECT a.anio, p.pregunta,
           CASE WHEN coalesce(c.periodos, 0) >= p.esperados * p.minimo THEN 'si'
                WHEN z.vence < getvariable('hoy') THEN 'no'
                ELSE 'sin_dato' END AS respuesta,
           CASE WHEN c.periodos IS NULL THEN 'Ningún informe en vigor lo da para el año'
                ELSE format('{} de {} periodos cubiertos', c.periodos, p.esperados) END AS evidencia,
           coalesce(c.reportes, CAST([] AS INTEGER[])) AS reportes, c.publicado_en, z.vence
    FROM anios a
    CROSS JOIN preguntas p
    LEFT JOIN cubierto c ON c.anio = a.anio AND c.pregunta = p.pregunta
    LEFT JOIN plazos z ON z.anio = a.anio AND z.pregunta = p.pregunta
    WHERE p.evidencia = 'reporte'
),
dichos AS (
    SELECT x.anio, x.pregunta, x.institucion, x.respuesta, x.evidencia, x.report_id, x.publicado_en
    FROM current.gttim_acciones x
),
por_accion AS (
    SELECT a.anio, p.pregunta,
           CASE WHEN count(*) FILTER (d.respuesta = 'no') > 0 THEN 'no'
                WHEN count(DISTINCT d.institucion) FILTER (d.respuesta = 'si') = any_value(len(p.responsables)) THEN 'si'
                ELSE 'sin_dato' END AS respuesta,
           coalesce(string_agg(d.institucion || ': ' || coalesce(nullif(d.evidencia, ''), d.respuesta), '; ' ORDER BY d.institucion),
                    'Ninguna institución ha respondido') AS evidencia,
           coalesce(list(DISTINCT d.report_id) FILTER (d.report_id IS NOT NULL), CAST([] AS INTEGER[])) AS reportes,
           max(d.publicado_en) AS publicado_en, CAST(NULL AS DATE) AS vence
    FROM anios a
    CROSS JOIN preguntas p
    LEFT JOIN dichos d ON d.anio = a.anio AND d.pregunta = p.pregunta AND list_contains(p.responsables, d.institucion)
    WHERE p.evidencia <> 'reporte'
    GROUP BY a.anio, p.pregunta
),
respuestas AS (
    SELECT * FROM por_reporte UNION ALL BY NAME SELECT * FROM por_accion
)
SELECT r.anio, p.eje, e.nombre AS eje_nombre, CAST(e.orden AS INTEGER) AS eje_orden, r.pregunta, p.orden, p.texto,
       array_to_string(p.responsables, ', ') AS responsables, p.evidencia AS evidencia_tipo,
       array_to_string(p.conjuntos, ', ') AS conjuntos, p.peso, r.respuesta, r.evidencia, r.reportes, r.publicado_en, r.vence
FROM respuestas r
JOIN preguntas p ON p.pregunta = r.pregunta
JOIN reference.ejes e ON e.codigo = p.eje
