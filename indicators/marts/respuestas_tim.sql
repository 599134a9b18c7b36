-- Purpose: the answer to each question of the diagnostic's index in each year,
-- as of the variable hoy: from reports in force where the question names a
-- dataset, else from the institutions' own answers in gttim-acciones.
-- si: evidence is there; no: the deadline has passed without it, or a
-- responsible institution said so; sin_dato: nobody has answered. What an
-- institution says of a question that is not its own does not count.
-- Grain: one row per year and question. Keys: anio, pregunta.
WITH preguntas AS (
    SELECT * FROM preguntas_por_anio WHERE inicio <= getvariable('hoy')
),
cubierto AS (
    SELECT p.anio, p.pregunta, len(list_distinct(list(c.periodo_inicio))) AS periodos, flatten(list(c.reportes)) AS reportes,
           max(c.publicado_en) AS publicado_en
    FROM preguntas p
    JOIN cobertura c
      ON list_contains(p.conjuntos, c.conjunto) AND c.tag = p.etiqueta
     AND c.periodo_inicio <= p.fin AND c.periodo_fin BETWEEN p.inicio AND p.fin
    WHERE p.evidencia_tipo = 'reporte'
    GROUP BY p.anio, p.pregunta
),
dichos AS (
    SELECT p.anio, p.pregunta, count(*) FILTER (d.respuesta = 'no') AS noes,
           len(list_distinct(list(d.institucion) FILTER (d.respuesta = 'si'))) AS sies,
           string_agg(d.institucion || ': ' || coalesce(nullif(d.evidencia, ''), d.respuesta), '; ' ORDER BY d.institucion) AS evidencia,
           list_sort(list_distinct(list(d.report_id))) AS reportes, max(d.publicado_en) AS publicado_en
    FROM preguntas p
    JOIN current.gttim_acciones d ON d.anio = p.anio AND d.pregunta = p.pregunta AND list_contains(p.responsables, d.institucion)
    WHERE p.evidencia_tipo <> 'reporte'
    GROUP BY p.anio, p.pregunta
)
SELECT p.anio, p.eje, p.eje_nombre, p.eje_orden, p.pregunta, p.orden, p.texto,
       array_to_string(p.responsables, ', ') AS responsables, p.evidencia_tipo,
       array_to_string(p.conjuntos, ', ') AS conjuntos, p.peso,
       CASE WHEN p.evidencia_tipo = 'reporte'
            THEN CASE WHEN coalesce(c.periodos, 0) >= p.esperados * p.minimo THEN 'si'
                      WHEN p.vence < getvariable('hoy') THEN 'no'
                      ELSE 'sin_dato' END
            ELSE CASE WHEN d.noes > 0 THEN 'no' WHEN d.sies = len(p.responsables) THEN 'si' ELSE 'sin_dato' END END AS respuesta,
       CASE WHEN p.evidencia_tipo <> 'reporte' THEN coalesce(d.evidencia, 'Ninguna institución ha respondido')
            WHEN c.periodos IS NULL THEN 'Ningún reporte en vigor lo da para el año'
            ELSE format('{} de {} periodos cubiertos', c.periodos, p.esperados) END AS evidencia,
       coalesce(c.reportes, d.reportes, CAST([] AS INTEGER[])) AS reportes,
       coalesce(c.publicado_en, d.publicado_en) AS publicado_en, p.vence, p.peso_del_eje, p.ejes
FROM preguntas p
LEFT JOIN cubierto c ON c.anio = p.anio AND c.pregunta = p.pregunta
LEFT JOIN dichos d ON d.anio = p.anio AND d.pregunta = p.pregunta
