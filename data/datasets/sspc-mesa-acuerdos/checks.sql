-- Purpose: rules of the register of agreements across columns.
-- Grain: each SELECT gives one row per offence: linea, columna, valor, mensaje.

-- check: cumplimiento_sin_estatus
SELECT line AS linea, 'fecha_cumplimiento' AS columna, CAST(fecha_cumplimiento AS VARCHAR) AS valor,
       'el estatus es ' || estatus AS mensaje
FROM entrega
WHERE fecha_cumplimiento IS NOT NULL AND estatus <> 'cumplido';

-- check: fecha_antes_de_la_sesion
SELECT line AS linea, CASE WHEN fecha_compromiso < fecha_sesion THEN 'fecha_compromiso' ELSE 'fecha_cumplimiento' END AS columna,
       CAST(CASE WHEN fecha_compromiso < fecha_sesion THEN fecha_compromiso ELSE fecha_cumplimiento END AS VARCHAR) AS valor,
       'la sesión fue el ' || CAST(fecha_sesion AS VARCHAR) AS mensaje
FROM entrega
WHERE fecha_compromiso < fecha_sesion OR fecha_cumplimiento < fecha_sesion;

-- check: cumplido_sin_fecha
SELECT line AS linea, 'fecha_cumplimiento' AS columna, '' AS valor,
       'un acuerdo cumplido lleva la fecha en que se cumplió' AS mensaje
FROM entrega
WHERE estatus = 'cumplido' AND fecha_cumplimiento IS NULL;

-- check: sin_institucion
SELECT line AS linea, 'institucion' AS columna, '' AS valor,
       'el acuerdo ' || acuerdo || ' no tiene institución responsable' AS mensaje
FROM entrega
WHERE institucion IS NULL
