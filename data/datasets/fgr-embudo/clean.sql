-- Purpose: the prosecution funnel, typed, its stages under one code whatever
-- name they were delivered by. The unit stays beside the stage: what is counted
-- in case files and what is counted in persons are two observations.
-- Grain: one row per period, stage, unit, sex and vintage; sexo '' for totals.
-- Keys: line; an observation is periodo_inicio, periodo_fin, etapa, unidad, sexo.
WITH source AS (
    SELECT * FROM entrega
),
typed AS (
    SELECT s.line, s.fecha_inicio AS periodo_inicio, s.fecha_corte AS periodo_fin, e.etapa, s.unidad,
           coalesce(s.sexo, '') AS sexo, s.valor, s.suprimido, s.publicado_en, s.publicado_en_precision, s.fuente
    FROM source s
    JOIN reference.etapas e ON e.codigo = s.etapa
)
SELECT line, periodo_inicio, periodo_fin, periodo_fin AS fecha_corte, etapa, unidad, sexo, valor, suprimido,
       publicado_en, publicado_en_precision, fuente
FROM typed
