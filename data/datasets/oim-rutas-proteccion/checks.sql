-- Purpose: rules of protection routes across columns.
-- Grain: each SELECT gives one row per offence: linea, columna, valor, mensaje.

-- check: implementada_sin_evidencia
SELECT line AS linea, 'evidencia' AS columna, '' AS valor,
       'una ruta implementada necesita el documento en que consta' AS mensaje
FROM entrega
WHERE estatus = 'implementada' AND trim(coalesce(evidencia, '')) = '';

-- check: no_es_entidad
SELECT e.line AS linea, 'entidad' AS columna, e.entidad AS valor, r.nombre || ' no es una entidad federativa' AS mensaje
FROM entrega e
JOIN reference.entidades r ON r.codigo = e.entidad
WHERE r.tipo <> 'estado'
