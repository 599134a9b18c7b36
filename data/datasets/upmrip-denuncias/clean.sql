-- Purpose: crimes reported by migrants, typed.
-- Grain: one row per period, crime, sex and vintage; delito and sexo '' for totals.
-- Keys: line; an observation is periodo_inicio, periodo_fin, delito, sexo.
WITH source AS (
    SELECT * FROM entrega
)
SELECT line, periodo_inicio, periodo_fin, coalesce(delito, '') AS delito, coalesce(sexo, '') AS sexo, denuncias,
       publicado_en, publicado_en_precision, fuente
FROM source
