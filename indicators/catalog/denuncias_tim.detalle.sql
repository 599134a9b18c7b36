-- Purpose: every crime reported in each published period, beside the total.
-- Grain: one row per period, crime and sex in force; '' for totals.
-- Keys: periodo_inicio, periodo_fin, delito, sexo.
SELECT periodo_inicio, periodo_fin, delito, sexo, denuncias, [report_id] AS reportes, publicado_en
FROM current.upmrip_denuncias
ORDER BY periodo_fin DESC, periodo_inicio, delito <> '', denuncias DESC, sexo
