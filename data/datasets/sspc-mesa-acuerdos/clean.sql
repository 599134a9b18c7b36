-- Purpose: the judicialization table's register of agreements, typed, dated by
-- the session in which each was taken.
-- Grain: one row per agreement. Keys: acuerdo.
WITH source AS (
    SELECT * FROM entrega
)
SELECT line, acuerdo, fecha_sesion, fecha_sesion AS periodo_inicio, fecha_sesion AS periodo_fin,
       eje, texto, institucion, fecha_compromiso, estatus, fecha_cumplimiento
FROM source
