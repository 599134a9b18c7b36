-- Purpose: rules of UPMRIP's monthly table that one row alone cannot show. A report
-- rules every month between its first and its last, so one year mistyped would
-- take the place of good months of others.
-- Grain: each SELECT gives one row per offence: linea, columna, valor, mensaje.

-- check: salto_de_anios
WITH meses AS (
    SELECT date_trunc('month', make_date(e.anio, e.mes, 1))::DATE AS mes, min(e.line) AS line FROM entrega e GROUP BY ALL
)
SELECT line AS linea, 'anio' AS columna, strftime(mes, '%Y-%m') AS valor,
       'entre ' || strftime(lag(mes) OVER (ORDER BY mes), '%Y-%m') || ' y ' || strftime(mes, '%Y-%m') || ' no hay ninguna fila' AS mensaje
FROM meses
QUALIFY mes > lag(mes) OVER (ORDER BY mes) + INTERVAL 13 MONTH
