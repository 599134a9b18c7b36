-- Purpose: the working group's calendar, typed, dated by the day of the session.
-- Grain: one row per session. Keys: sesion.
WITH source AS (
    SELECT * FROM entrega
)
SELECT line, sesion, anio, numero, fecha, fecha AS periodo_inicio, fecha AS periodo_fin, estatus, modalidad
FROM source
