-- Purpose: the prosecution funnel: each stage in its own unit, with the share of
-- the stage before it where both are counted in the same unit in one document.
-- The funnel's own reports answer first, published points where they do not.
-- Grain: one row per period, stage, unit, sex and state (NULL: not broken down).
-- Keys: periodo_inicio, periodo_fin, etapa, unidad, sexo, entidad.
WITH etapas AS (
    SELECT codigo, etapa, string_split(unidades, '|') AS unidades, nullif(sigue_a, '') AS sigue_a, CAST(orden AS INTEGER) AS orden
    FROM reference.etapas
),
puntos AS (
    SELECT serie, periodo_inicio, periodo_fin, valor, report_id, publicado_en, publicado_en_precision, nota, dimension,
           CASE dimension WHEN 'etapa' THEN codigos WHEN 'entidad,etapa' THEN split_part(codigos, ',', 2) ELSE 'carpetas_iniciadas' END AS codigo,
           CASE dimension WHEN 'entidad' THEN codigos WHEN 'entidad,etapa' THEN split_part(codigos, ',', 1) END AS entidad
    FROM current.cifras_publicadas
    WHERE serie IN ('fgr_trafico_personas', 'fgr_via_cndh') AND dimension IN ('etapa', 'entidad', 'entidad,etapa')
),
partes AS (
    SELECT 1 AS orden, periodo_inicio, periodo_fin, etapa, unidad, nullif(sexo, '') AS sexo, CAST(NULL AS VARCHAR) AS entidad, valor,
           suprimido, report_id, publicado_en, publicado_en_precision, CAST(NULL AS VARCHAR) AS nota
    FROM current.fgr_embudo
    UNION ALL
    SELECT CASE p.serie WHEN 'fgr_trafico_personas' THEN 8 ELSE 9 END, p.periodo_inicio, p.periodo_fin, e.etapa, e.unidades[1], NULL,
           p.entidad, p.valor, false, p.report_id, p.publicado_en, p.publicado_en_precision,
           concat_ws(' ', CASE p.serie WHEN 'fgr_via_cndh' THEN 'Según informe citado por la CNDH.' END, nullif(p.nota, ''))
    FROM puntos p
    JOIN etapas e ON e.codigo = p.codigo
),
elegidas AS (
    SELECT * FROM partes
    QUALIFY row_number() OVER (PARTITION BY periodo_inicio, periodo_fin, etapa, unidad, sexo, entidad ORDER BY orden, publicado_en DESC) = 1
),
seguidas AS (
    SELECT DISTINCT etapa, sigue_a FROM etapas WHERE sigue_a IS NOT NULL
)
SELECT a.periodo_inicio, a.periodo_fin, a.etapa, a.unidad, a.sexo, a.entidad, a.valor AS numerador, CAST(a.suprimido AS INTEGER) AS suprimidas,
       CASE WHEN b.valor IS NULL THEN NULL
            ELSE {sobre: b.etapa, sobre_valor: b.valor, porcentaje: razon(a.valor, b.valor) * 100} END AS atributos,
       list_filter([a.nota], lambda t: t IS NOT NULL AND t <> '') AS notas,
       [a.report_id] AS reportes, a.publicado_en, a.publicado_en_precision
FROM elegidas a
LEFT JOIN seguidas s ON s.etapa = a.etapa
LEFT JOIN elegidas b
       ON b.etapa = s.sigue_a AND b.unidad = a.unidad AND b.periodo_inicio = a.periodo_inicio AND b.periodo_fin = a.periodo_fin
      AND b.report_id = a.report_id AND b.sexo IS NOT DISTINCT FROM a.sexo AND b.entidad IS NOT DISTINCT FROM a.entidad
ORDER BY a.periodo_inicio, a.periodo_fin, a.etapa, a.unidad, a.sexo, a.entidad
