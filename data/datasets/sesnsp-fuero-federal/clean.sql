-- Purpose: federal case files by month, typed, names of laws in one spelling
-- (capitals without accents, as the publisher writes them).
-- Grain: one row per published month, entidad, ley, concepto, tipo.
-- Keys: periodo_inicio, entidad, ley, concepto, tipo.
WITH source AS (
    SELECT * FROM entrega
),
typed AS (
    SELECT line, make_date(anio, mes, 1) AS periodo_inicio, entidad,
           upper(strip_accents(trim(ley))) AS ley,
           upper(strip_accents(trim(concepto))) AS concepto,
           upper(strip_accents(trim(tipo))) AS tipo,
           carpetas
    FROM source
)
SELECT line, periodo_inicio, last_day(periodo_inicio) AS periodo_fin, entidad, ley, concepto, tipo, carpetas
FROM typed
