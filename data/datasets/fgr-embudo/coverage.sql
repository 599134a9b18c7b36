-- Purpose: which cut-offs the rows in force inform about, for the index; a
-- cut-off answers its year.
-- Grain: one row per tag, period and report. Keys: tag, periodo_inicio, periodo_fin, report_id.
-- judicializadas_vinculadas: both stages at one cut-off, in persons (case files
-- are another thing); sentenciadas_sexo: persons sentenced with a known sex;
-- prision_preventiva: persons in pre-trial custody.
SELECT DISTINCT 'judicializadas_vinculadas' AS tag, f.periodo_inicio, f.periodo_fin, f.report_id
FROM current.fgr_embudo f
JOIN (
    SELECT periodo_inicio, periodo_fin FROM current.fgr_embudo
    WHERE unidad = 'personas'
    GROUP BY ALL
    HAVING bool_or(etapa = 'judicializadas') AND bool_or(etapa = 'vinculadas')
) ambas USING (periodo_inicio, periodo_fin)
WHERE f.unidad = 'personas' AND f.etapa IN ('judicializadas', 'vinculadas')
UNION ALL
SELECT DISTINCT 'sentenciadas_sexo', periodo_inicio, periodo_fin, report_id
FROM current.fgr_embudo
WHERE etapa = 'sentenciadas' AND unidad = 'personas' AND sexo IN ('mujer', 'hombre')
UNION ALL
SELECT DISTINCT 'prision_preventiva', periodo_inicio, periodo_fin, report_id
FROM current.fgr_embudo
WHERE etapa = 'prision_preventiva' AND unidad = 'personas'
