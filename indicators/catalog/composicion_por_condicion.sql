-- Purpose: share of each condicion in the published total of the same period.
-- Grain: one row per period and condicion. Keys: periodo_inicio, periodo_fin, condicion.
SELECT codigo AS condicion, * EXCLUDE (dimension, codigo)
FROM participaciones
WHERE dimension = 'condicion'
ORDER BY periodo_inicio, periodo_fin, condicion
