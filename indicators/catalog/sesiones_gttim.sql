-- Purpose: sessions of the working group held, by the newest calendar; those to
-- come, and those of which nothing is told, are counted apart.
-- Grain: one row per year. Key: periodo_inicio.
WITH sesiones AS (
    SELECT *, coalesce(estatus, 'sin_dato') AS situacion FROM current.gttim_sesiones WHERE fecha IS NOT NULL
),
cuentas AS (
    SELECT make_date(anio, 1, 1) AS periodo_inicio, make_date(anio, 12, 31) AS periodo_fin, count(*) AS sesiones,
           count(*) FILTER (situacion = 'celebrada') AS celebradas,
           count(*) FILTER (situacion IN ('cancelada', 'reprogramada')) AS no_celebradas,
           count(*) FILTER (situacion = 'programada') AS programadas, count(*) FILTER (situacion = 'sin_dato') AS sin_dato,
           list(DISTINCT report_id) AS reportes, max(publicado_en) AS publicado_en,
           arg_max(publicado_en_precision, publicado_en) AS publicado_en_precision
    FROM sesiones GROUP BY anio
)
SELECT periodo_inicio, periodo_fin, celebradas AS numerador,
       {sesiones: sesiones, celebradas: celebradas, no_celebradas: no_celebradas, programadas: programadas, sin_dato: sin_dato} AS atributos,
       CASE WHEN programadas > 0 THEN 'preliminar' ELSE 'definitivo' END AS estado,
       CASE WHEN programadas > 0 THEN [format('{} de {} sesiones constan como programadas en el último calendario recibido.', programadas, sesiones)]
            ELSE CAST([] AS VARCHAR[]) END AS notas,
       reportes, publicado_en, publicado_en_precision
FROM cuentas
ORDER BY periodo_inicio
