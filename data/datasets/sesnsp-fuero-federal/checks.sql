-- Purpose: rules of the federal case files across columns and rows.
-- Grain: each SELECT gives one row per offence: linea, columna, valor, mensaje.
-- A line of the file is one row per published month in `entrega`.

-- check: clave_distinta
SELECT DISTINCT line AS linea, 'inegi' AS columna, CAST(inegi AS VARCHAR) AS valor,
       'la clave de la entidad es ' || entidad AS mensaje
FROM entrega
WHERE inegi IS NOT NULL AND lpad(CAST(inegi AS VARCHAR), 2, '0') <> entidad;

-- check: entidades_incompletas
SELECT 0 AS linea, 'entidad' AS columna, CAST(anio AS VARCHAR) AS valor,
       'en ' || CAST(anio AS VARCHAR) || ' se esperan 33 entidades (32 y EXTRANJERO) y hay ' || CAST(count(DISTINCT entidad) AS VARCHAR) AS mensaje
FROM entrega
GROUP BY anio
HAVING count(DISTINCT entidad) <> 33
