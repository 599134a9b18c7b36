-- Purpose: UPMRIP's monthly table of events, typed and dated.
-- Grain: one row per month, entidad, nacionalidad, sexo, grupo_edad, condicion.
-- Keys: periodo_inicio, entidad, nacionalidad, sexo, grupo_edad, condicion.
WITH source AS (
    SELECT * FROM entrega
),
typed AS (
    SELECT line, make_date(anio, mes, 1) AS periodo_inicio,
           entidad, nacionalidad, sexo, grupo_edad, condicion, eventos
    FROM source
)
SELECT line, periodo_inicio, last_day(periodo_inicio) AS periodo_fin,
       entidad, nacionalidad, sexo, grupo_edad, condicion, eventos
FROM typed
