-- Purpose: every question of the index with its answer and evidence, per year.
-- Grain: one row per year and question. Keys: anio, pregunta.
WITH ejes AS (
    SELECT anio, eje, sum(peso) AS peso FROM respuestas_tim GROUP BY anio, eje
),
anios AS (
    SELECT anio, count(*) AS ejes FROM ejes GROUP BY anio
)
SELECT r.anio, r.eje, r.eje_nombre, r.pregunta, r.texto, r.responsables, r.evidencia_tipo, r.conjuntos AS conjunto, r.respuesta, r.evidencia,
       list_sort(list_distinct(r.reportes)) AS reportes, r.vence,
       -- What its yes adds to the whole score.
       r.peso / e.peso * 100 / a.ejes AS aporta
FROM respuestas_tim r
JOIN ejes e ON e.anio = r.anio AND e.eje = r.eje
JOIN anios a ON a.anio = r.anio
ORDER BY r.anio, r.eje_orden, r.orden
