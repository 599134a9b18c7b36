-- Purpose: the register of events as counts, so that no row about one event
-- leaves the raw table; the same columns as the monthly table.
-- Grain: one row per month, entidad, nacionalidad, sexo, grupo_edad, condicion.
-- Keys: periodo_inicio, entidad, nacionalidad, sexo, grupo_edad, condicion.
WITH source AS (
    SELECT fecha, entidad, nacionalidad, sexo, edad, condicion FROM entrega
),
typed AS (
    SELECT CAST(date_trunc('month', fecha) AS DATE) AS periodo_inicio, entidad, nacionalidad, sexo,
           CASE WHEN edad <= 11 THEN '0-11' WHEN edad <= 17 THEN '12-17' ELSE '18+' END AS grupo_edad,
           condicion
    FROM source
)
SELECT periodo_inicio, last_day(periodo_inicio) AS periodo_fin,
       entidad, nacionalidad, sexo, grupo_edad, condicion, count(*) AS eventos
FROM typed
GROUP BY ALL
