-- Purpose: one figure, or with $7 every figure of the indicator, on both clocks: as
-- of a day ($5) and as known at a load ($6).
-- Grain: one row per figure. Keys: periodo_inicio, periodo_fin, dimensiones.
SELECT periodo_inicio, periodo_fin, dimensiones, valor, numerador, denominador, unidad, estado, CAST(vigencia AS VARCHAR), reportes
FROM indicators.valores
WHERE indicador = $1 AND ($7 OR periodo_inicio = CAST($2 AS DATE) AND periodo_fin = CAST($3 AS DATE) AND dimensiones = $4)
  AND carga_desde <= $6 AND (carga_hasta IS NULL OR carga_hasta > $6)
  AND CAST($5 AS DATE) >= as_of_desde AND (as_of_hasta IS NULL OR CAST($5 AS DATE) < as_of_hasta)
ORDER BY periodo_inicio, periodo_fin, dimensiones;
