-- Purpose: one figure as it is now known, at one day of as_of. Grain: at most one row.
SELECT valor, numerador, denominador, unidad, estado, CAST(vigencia AS VARCHAR), reportes
FROM indicators.valores
WHERE indicador = $1 AND periodo_inicio = CAST($2 AS DATE) AND periodo_fin = CAST($3 AS DATE) AND dimensiones = $4
  AND carga_hasta IS NULL
  AND CAST($5 AS DATE) >= as_of_desde AND (as_of_hasta IS NULL OR CAST($5 AS DATE) < as_of_hasta);
