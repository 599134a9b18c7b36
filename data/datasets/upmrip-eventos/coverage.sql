-- Purpose: which months the rows in force inform about, for the index.
-- Grain: one row per tag, month and report. Keys: tag, periodo_inicio, report_id.
-- eventos: entidad, nacionalidad and sexo are known for some row of the month;
-- canalizados: some channelled row of the month has a known sexo. A month whose
-- rows all say "sin dato" is not broken down by that dimension.
WITH meses AS MATERIALIZED (
    SELECT periodo_inicio, periodo_fin, report_id,
           bool_or(entidad <> '99') AND bool_or(nacionalidad <> 'XXX') AND bool_or(sexo <> 'sin_dato')
           AND bool_or(grupo_edad IS NOT NULL) AS eventos,
           bool_or(sexo <> 'sin_dato') FILTER (condicion = 'canalizado')
           AND bool_or(grupo_edad IS NOT NULL) FILTER (condicion = 'canalizado') AS canalizados
    FROM current.upmrip_eventos
    GROUP BY ALL
)
SELECT 'eventos' AS tag, periodo_inicio, periodo_fin, report_id FROM meses WHERE eventos
UNION ALL
SELECT 'canalizados', periodo_inicio, periodo_fin, report_id FROM meses WHERE canalizados
