-- Purpose: share of each entidad in the published total of the same period.
-- Grain: one row per period and entidad. Keys: periodo_inicio, periodo_fin, entidad.
SELECT codigo AS entidad, * EXCLUDE (dimension, codigo)
FROM participaciones
WHERE dimension = 'entidad'
ORDER BY periodo_inicio, periodo_fin, entidad
