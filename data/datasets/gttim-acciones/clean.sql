-- Purpose: answers to the checklist, dated by the year they speak of.
-- Grain: one row per year, question and institution.
-- Keys: anio, pregunta, institucion.
WITH source AS (
    SELECT * FROM entrega
)
SELECT line, make_date(anio, 1, 1) AS periodo_inicio, make_date(anio, 12, 31) AS periodo_fin,
       anio, pregunta, institucion, respuesta, evidencia, fecha
FROM source
