-- Purpose: per year, the share of each axis' questions answered "si", and the
-- mean of the axes. Grain: one row per year and axis (NULL: the whole index).
-- Keys: periodo_inicio, eje.
WITH ejes AS (
    SELECT anio, eje, sum(peso) FILTER (respuesta = 'si') AS si, sum(peso) AS peso, count(*) AS preguntas,
           count(*) FILTER (respuesta <> 'sin_dato') AS respondidas, sum(peso) FILTER (respuesta <> 'sin_dato') AS peso_respondido,
           flatten(list(reportes)) AS reportes,
           max(publicado_en) AS publicado_en, max(vence) FILTER (vence < getvariable('hoy')) AS vencido
    FROM respuestas_tim
    GROUP BY anio, eje
),
-- The mean of the axes, and how far it hangs on what nobody has answered, and on each
-- axis: over answered questions alone, and without one axis at a time.
por_anio AS (
    SELECT anio, sum(coalesce(si, 0) / peso) AS numerador, count(*) AS ejes, sum(preguntas) AS preguntas, sum(respondidas) AS respondidas,
           flatten(list(reportes)) AS reportes, max(publicado_en) AS publicado_en, max(vencido) AS vencido,
           avg(razon(coalesce(si, 0), peso_respondido) * 100) AS sin_contar_sin_dato, sum(razon(coalesce(si, 0), peso) * 100) AS suma,
           list({eje: eje, puntos: razon(coalesce(si, 0), peso) * 100} ORDER BY eje) AS cada_eje
    FROM ejes
    GROUP BY anio
),
todo AS (
    SELECT anio, CAST(NULL AS VARCHAR) AS eje, numerador, ejes AS denominador, preguntas, respondidas, reportes, publicado_en, vencido, sin_contar_sin_dato,
           list_transform(cada_eje, lambda x: {eje: x.eje, valor: razon(suma - x.puntos, ejes - 1)}) AS sin_cada_eje
    FROM por_anio
    UNION ALL
    SELECT anio, eje, coalesce(si, 0), peso, preguntas, respondidas, reportes, publicado_en, vencido, NULL, NULL
    FROM ejes
),
puntaje AS (
    SELECT *, razon(numerador, denominador) * 100 AS puntos FROM todo
)
SELECT make_date(p.anio, 1, 1) AS periodo_inicio, make_date(p.anio, 12, 31) AS periodo_fin, p.eje, p.numerador, p.denominador,
       {banda: b.nombre, respondidas: CAST(p.respondidas AS INTEGER), preguntas: CAST(p.preguntas AS INTEGER),
        respondidas_porcentaje: razon(p.respondidas, p.preguntas) * 100,
        sin_contar_sin_dato: p.sin_contar_sin_dato, sin_cada_eje: p.sin_cada_eje} AS atributos,
       p.reportes,
       -- Without a report the answer is as old as the deadline that decided it.
       coalesce(greatest(p.publicado_en, p.vencido), make_date(p.anio, 1, 1)) AS publicado_en
FROM puntaje p
LEFT JOIN reference.bandas b
       ON round(p.puntos, 9) >= CAST(b.desde AS DOUBLE)
      AND (round(p.puntos, 9) < CAST(b.hasta AS DOUBLE) OR b.desde = b.hasta)
ORDER BY periodo_inicio, eje
