-- Purpose: the judicialization table's summary, dated by its cut-off.
-- Grain: one row per cut-off date and delivery. Keys: fecha_corte.
-- A stock at a date: both ends of the period are the cut-off.
WITH source AS (
    SELECT * FROM entrega
)
SELECT line, fecha_corte, fecha_corte AS periodo_inicio, fecha_corte AS periodo_fin,
       reuniones, acuerdos, acuerdos_cumplidos,
       publicado_en, publicado_en_precision, fuente
FROM source
