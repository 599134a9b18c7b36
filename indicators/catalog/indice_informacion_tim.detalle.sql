-- Purpose: every question of the index with its answer and evidence, per year.
-- Grain: one row per year and question. Keys: anio, pregunta.
SELECT anio, eje, eje_nombre, pregunta, texto, responsables, evidencia_tipo, conjuntos AS conjunto, respuesta, evidencia,
       list_sort(list_distinct(reportes)) AS reportes, vence,
       -- What its yes adds to the whole score.
       peso / peso_del_eje * 100 / ejes AS aporta
FROM respuestas_tim
ORDER BY anio, eje_orden, orden
