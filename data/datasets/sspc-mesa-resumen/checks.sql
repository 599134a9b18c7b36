-- Purpose: rules of the judicialization table's summary across columns.
-- Grain: each SELECT gives one row per offence: linea, columna, valor, mensaje.

-- check: cumplidos_rebasan_acuerdos
SELECT line AS linea, 'acuerdos_cumplidos' AS columna, CAST(acuerdos_cumplidos AS VARCHAR) AS valor,
       'hay ' || CAST(acuerdos_cumplidos AS VARCHAR) || ' cumplidos y solo ' || CAST(acuerdos AS VARCHAR) || ' acuerdos' AS mensaje
FROM entrega
WHERE acuerdos_cumplidos > acuerdos;

-- check: sin_reuniones
SELECT line AS linea, 'reuniones' AS columna, CAST(reuniones AS VARCHAR) AS valor,
       'se espera al menos una reunión' AS mensaje
FROM entrega
WHERE reuniones < 1;

-- check: corte_despues_de_publicacion
SELECT line AS linea, 'fecha_corte' AS columna, CAST(fecha_corte AS VARCHAR) AS valor,
       'se publicó el ' || CAST(publicado_en AS VARCHAR) || ', antes del corte' AS mensaje
FROM entrega
WHERE fecha_corte > publicado_en
