-- Purpose: what the parts of a published total sum up to within one document: the
-- categories of a breakdown, and periods within a period. Of several documents the newest.
-- Grain: one row per series, kind of parts and period. Keys: serie, conciliacion, periodo_inicio, periodo_fin.
WITH -- Only breakdowns that are known to be whole: their categories are all there are.
enteras(dimension, categorias) AS (
    VALUES ('condicion', ['presentado', 'canalizado']), ('sexo', ['mujer', 'hombre']), ('grupo_edad', ['0-17', '18+']),
           ('composicion', (SELECT list(DISTINCT codigo ORDER BY codigo) FROM reference.etiquetas WHERE dimension = 'composicion'))
),
documentos AS (
    SELECT * FROM historia.cifras_publicadas WHERE NOT redondeado
),
totales AS (
    SELECT * FROM documentos WHERE dimension = ''
),
por_categorias AS (
    SELECT t.serie, 'partes_' || d.dimension AS conciliacion, t.periodo_inicio, t.periodo_fin, suma(d.valor) AS partes, any_value(t.valor) AS total,
           t.report_id, any_value(t.publicado_en) AS publicado_en, any_value(t.publicado_en_precision) AS publicado_en_precision
    FROM totales t
    JOIN documentos d ON d.report_id = t.report_id AND d.serie = t.serie AND d.periodo_inicio = t.periodo_inicio AND d.periodo_fin = t.periodo_fin
                     AND d.publicado_en = t.publicado_en
    JOIN enteras e ON e.dimension = d.dimension AND list_contains(e.categorias, d.codigos)
    GROUP BY t.serie, d.dimension, t.periodo_inicio, t.periodo_fin, t.report_id, t.publicado_en
    HAVING count(DISTINCT d.codigos) = any_value(len(e.categorias))
),
-- Periods of one document that make up another of its periods, day by day.
por_periodos AS (
    SELECT t.serie, 'partes_periodos' AS conciliacion, t.periodo_inicio, t.periodo_fin, suma(p.valor) AS partes, any_value(t.valor) AS total,
           t.report_id, any_value(t.publicado_en) AS publicado_en, any_value(t.publicado_en_precision) AS publicado_en_precision
    FROM totales t
    JOIN totales p ON p.report_id = t.report_id AND p.serie = t.serie AND p.publicado_en = t.publicado_en
                  AND p.periodo_inicio >= t.periodo_inicio AND p.periodo_fin <= t.periodo_fin
                  AND (p.periodo_inicio, p.periodo_fin) <> (t.periodo_inicio, t.periodo_fin)
    GROUP BY t.serie, t.periodo_inicio, t.periodo_fin, t.report_id, t.publicado_en
    HAVING sum(datediff('day', p.periodo_inicio, p.periodo_fin) + 1) = datediff('day', t.periodo_inicio, t.periodo_fin) + 1
       AND count(DISTINCT p.periodo_inicio) = count(*)
)
SELECT * FROM (SELECT * FROM por_categorias UNION ALL SELECT * FROM por_periodos)
QUALIFY row_number() OVER (PARTITION BY serie, conciliacion, periodo_inicio, periodo_fin ORDER BY publicado_en DESC, report_id DESC) = 1
