-- Purpose: share of each nacionalidad in the published total of the same period.
-- Grain: one row per period and nacionalidad. Keys: periodo_inicio, periodo_fin, nacionalidad.
SELECT codigo AS nacionalidad, * EXCLUDE (dimension, codigo)
FROM participaciones
WHERE dimension = 'nacionalidad'
ORDER BY periodo_inicio, periodo_fin, nacionalidad
