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
WHERE fecha_corte > publicado_en;

-- check: acumulado_que_baja
WITH cortes AS (
    SELECT line, fecha_corte, reuniones, acuerdos, acuerdos_cumplidos FROM limpia
    UNION ALL
    SELECT NULL, fecha_corte, reuniones, acuerdos, acuerdos_cumplidos FROM anterior
    WHERE fecha_corte NOT IN (SELECT fecha_corte FROM limpia)
),
largos AS (
    UNPIVOT cortes ON reuniones, acuerdos, acuerdos_cumplidos INTO NAME columna VALUE cuenta
),
seguidos AS (
    SELECT *, lag(cuenta) OVER cortes AS previa, lag(fecha_corte) OVER cortes AS corte_previo, lag(line) OVER cortes AS linea_previa
    FROM largos
    WINDOW cortes AS (PARTITION BY columna ORDER BY fecha_corte)
)
SELECT coalesce(line, 0) AS linea, columna, CAST(cuenta AS VARCHAR) AS valor,
       format('al {} eran {:,}; una cuenta acumulada no baja', CAST(corte_previo AS VARCHAR), previa) AS mensaje,
       fecha_corte AS periodo_inicio, fecha_corte AS periodo_fin
FROM seguidos
WHERE cuenta < previa AND (line IS NOT NULL OR linea_previa IS NOT NULL)
