-- Purpose: rules of the calendar across columns.
-- Grain: each SELECT gives one row per offence: linea, columna, valor, mensaje.

-- check: fecha_de_otro_anio
SELECT line AS linea, 'fecha' AS columna, CAST(fecha AS VARCHAR) AS valor,
       'el año del renglón es ' || CAST(anio AS VARCHAR) AS mensaje
FROM entrega
WHERE year(fecha) <> anio;

-- check: numero_de_otra_sesion
SELECT e.line AS linea, 'numero' AS columna, CAST(e.numero AS VARCHAR) AS valor,
       'la sesión ' || e.sesion || ' es la número ' || s.numero AS mensaje
FROM entrega e
JOIN reference.sesiones s ON s.codigo = e.sesion
WHERE CAST(s.numero AS INTEGER) <> e.numero
