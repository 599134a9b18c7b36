-- Purpose: the questions of the diagnostic's index in each year, with the day by which
-- the last report that answers one is due. It hangs on declarations alone.
-- Grain: one row per year and question. Keys: anio, pregunta.
WITH preguntas AS (
    SELECT p.codigo AS pregunta, p.eje, e.nombre AS eje_nombre, CAST(e.orden AS INTEGER) AS eje_orden, CAST(p.orden AS INTEGER) AS orden,
           p.texto, p.evidencia AS evidencia_tipo, p.etiqueta,
           string_split(p.responsables, '|') AS responsables, string_split(p.conjuntos, '|') AS conjuntos,
           CASE p.periodos WHEN 'mes' THEN 12 ELSE 1 END AS esperados,
           CAST(p.minimo AS DOUBLE) AS minimo, CAST(p.peso AS DOUBLE) AS peso,
           sum(CAST(p.peso AS DOUBLE)) OVER (PARTITION BY p.eje) AS peso_del_eje
    FROM reference.preguntas p
    JOIN reference.ejes e ON e.codigo = p.eje
),
plazos AS (
    SELECT CAST(v.anio AS INTEGER) AS anio, p.pregunta, max(CAST(v.vence AS DATE)) AS vence
    FROM preguntas p
    JOIN reference.vencimientos v ON list_contains(p.conjuntos, v.conjunto)
    WHERE p.evidencia_tipo = 'reporte'
    GROUP BY ALL
)
SELECT CAST(a.anio AS INTEGER) AS anio, make_date(CAST(a.anio AS INTEGER), 1, 1) AS inicio, make_date(CAST(a.anio AS INTEGER), 12, 31) AS fin, p.*, z.vence,
       (SELECT count(DISTINCT eje) FROM preguntas) AS ejes
FROM reference.anios a
CROSS JOIN preguntas p
LEFT JOIN plazos z ON z.anio = CAST(a.anio AS INTEGER) AND z.pregunta = p.pregunta
