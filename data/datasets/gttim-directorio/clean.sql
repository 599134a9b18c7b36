-- Purpose: which institutions have somebody who answers for their data, and
-- since when. Posts, areas and mailboxes stay in the raw table, so that nothing
-- read from the clean rows can publish them.
-- Grain: one row per institution. Keys: institucion.
WITH source AS (
    SELECT institucion, vigente_desde FROM entrega
)
SELECT institucion, min(vigente_desde) AS periodo_inicio, min(vigente_desde) AS periodo_fin,
       min(vigente_desde) AS vigente_desde, count(*) AS responsables
FROM source
GROUP BY institucion
