-- Purpose: rules of the checklist's answers that need more than one cell.
-- Grain: each SELECT gives one row per offence: linea, columna, valor, mensaje.

-- check: si_sin_evidencia
SELECT line AS linea, 'evidencia' AS columna, '' AS valor,
       'una respuesta si necesita el documento en que consta' AS mensaje
FROM entrega
WHERE respuesta = 'si' AND trim(coalesce(evidencia, '')) = '';

-- check: institucion_no_responsable
SELECT e.line AS linea, 'institucion' AS columna, e.institucion AS valor,
       'responden por ' || e.pregunta || ': ' || replace(p.responsables, '|', ', ') AS mensaje
FROM entrega e
JOIN reference.preguntas p ON p.codigo = e.pregunta
WHERE NOT list_contains(string_split(p.responsables, '|'), e.institucion);

-- check: pregunta_de_reporte
SELECT e.line AS linea, 'pregunta' AS columna, e.pregunta AS valor,
       'se responde con reportes de ' || replace(p.conjuntos, '|', ' o ') AS mensaje
FROM entrega e
JOIN reference.preguntas p ON p.codigo = e.pregunta
WHERE p.evidencia = 'reporte'
