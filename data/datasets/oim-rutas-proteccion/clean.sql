-- Purpose: local protection routes, typed, dated by the day of their status.
-- Grain: one row per state. Keys: entidad.
WITH source AS (
    SELECT * FROM entrega
)
SELECT line, entidad, estatus, fecha, fecha AS periodo_inicio, fecha AS periodo_fin, evidencia
FROM source
