-- Purpose: table 3.1.1 of UPMRIP's bulletin, typed and dated. condicion is NULL
-- where the sheet does not tell presentation from referral, as before 2021.
-- Grain: one row per published month, nacionalidad and condicion.
-- Keys: periodo_inicio, nacionalidad, condicion.
WITH source AS (
    SELECT * FROM entrega
),
typed AS (
    SELECT line, make_date(anio, mes, 1) AS periodo_inicio, nacionalidad, condicion, eventos
    FROM source
)
SELECT line, periodo_inicio, last_day(periodo_inicio) AS periodo_fin, nacionalidad, condicion, eventos
FROM typed
