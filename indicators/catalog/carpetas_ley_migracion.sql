-- Purpose: case files under the Migration Law by month, by year and by state and
-- year, from the federal file or, where it does not cover, from published points.
-- Grain: one row per period and entidad (NULL: the country).
-- Keys: periodo_inicio, periodo_fin, entidad.
WITH archivo AS (
    SELECT * FROM current.sesnsp_fuero_federal WHERE tipo = 'LEY DE MIGRACION'
),
meses AS (
    SELECT DISTINCT periodo_inicio, periodo_fin FROM archivo
),
seguidos AS (
    SELECT *, inicio_del_anio(periodo_inicio) AS inicio_anio,
           numero_del_mes(periodo_inicio) - row_number() OVER (PARTITION BY inicio_del_anio(periodo_inicio) ORDER BY periodo_inicio) AS salto
    FROM meses
),
anios AS (
    SELECT inicio_anio AS periodo_inicio, max(periodo_fin) AS periodo_fin FROM seguidos WHERE salto = 0 GROUP BY inicio_anio
),
partes AS (
    SELECT 1 AS orden, periodo_inicio, periodo_fin, CAST(NULL AS VARCHAR) AS entidad, suma(carpetas) AS carpetas,
           list(DISTINCT report_id) AS reportes, max(publicado_en) AS publicado_en,
           arg_max(publicado_en_precision, publicado_en) AS publicado_en_precision, CAST(NULL AS VARCHAR) AS nota
    FROM archivo GROUP BY periodo_inicio, periodo_fin
    UNION ALL
    SELECT 1, a.periodo_inicio, a.periodo_fin, x.entidad, suma(x.carpetas), list(DISTINCT x.report_id), max(x.publicado_en),
           arg_max(x.publicado_en_precision, x.publicado_en), NULL
    FROM anios a
    JOIN archivo x ON x.periodo_inicio >= a.periodo_inicio AND x.periodo_fin <= a.periodo_fin
    WHERE a.periodo_fin > last_day(a.periodo_inicio)
    GROUP BY GROUPING SETS ((a.periodo_inicio, a.periodo_fin), (a.periodo_inicio, a.periodo_fin, x.entidad))
    UNION ALL
    SELECT 9, periodo_inicio, periodo_fin, nullif(codigos, ''), valor, [report_id], publicado_en, publicado_en_precision, nota
    FROM current.cifras_publicadas
    WHERE serie = 'sesnsp_ley_migracion' AND dimension IN ('', 'entidad')
),
elegidas AS (
    SELECT *,
           NOT es_mes(periodo_inicio, periodo_fin) AND NOT es_anio(periodo_inicio, periodo_fin) AS parcial
    FROM partes
    QUALIFY row_number() OVER (PARTITION BY periodo_inicio, periodo_fin, entidad ORDER BY orden) = 1
)
SELECT e.periodo_inicio, e.periodo_fin, e.entidad, e.carpetas AS numerador, {parcial: e.parcial} AS atributos,
       list_filter([CASE WHEN e.parcial THEN 'Periodo parcial: ' || lower(i.nombre) || ' a ' || lower(f.nombre) || '.' END, e.nota],
                   lambda t: t IS NOT NULL AND t <> '') AS notas,
       e.reportes, e.publicado_en, e.publicado_en_precision
FROM elegidas e
JOIN reference.meses i ON CAST(i.codigo AS INTEGER) = numero_del_mes(e.periodo_inicio)
JOIN reference.meses f ON CAST(f.codigo AS INTEGER) = numero_del_mes(e.periodo_fin)
ORDER BY e.periodo_inicio, e.periodo_fin, e.entidad
