-- Purpose: which years the rows in force inform about, for the index.
-- Grain: one row per tag, year and report. Keys: tag, periodo_inicio, report_id.
-- delito_sexo: in every month of the year some complaint is given by crime and
-- known sex at once. A row counts for the months it spans if it lies within one
-- year; a figure accumulated over several years says nothing of each.
WITH meses AS (
    SELECT DISTINCT year(periodo_inicio) AS anio, report_id,
           unnest(range(month(periodo_inicio), month(periodo_fin) + 1)) AS mes
    FROM current.upmrip_denuncias
    WHERE delito <> '' AND sexo IN ('mujer', 'hombre') AND year(periodo_inicio) = year(periodo_fin)
      AND day(periodo_inicio) = 1 AND periodo_fin = last_day(periodo_fin)
),
completos AS (
    SELECT anio FROM meses GROUP BY anio HAVING count(DISTINCT mes) = 12
)
SELECT DISTINCT 'delito_sexo' AS tag, make_date(anio, 1, 1) AS periodo_inicio, make_date(anio, 12, 31) AS periodo_fin, report_id
FROM meses
JOIN completos USING (anio)
