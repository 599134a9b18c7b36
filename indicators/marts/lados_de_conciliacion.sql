-- Purpose: both sides of every declared comparison; of one that is a published figure,
-- the figure: of the wanted publication, or the newest. publicado_en is NULL where none is.
-- Grain: one row per comparison and side. Keys: codigo, lado.
WITH lados AS (
    SELECT codigo, orden, unidad, explicacion, nota, 'a' AS lado, lado_a AS institucion, texto_a AS texto, origen_a AS origen, clave_a AS clave,
           dimension_a AS dimension, codigos_a AS codigos, publicado_a AS publicado,
           TRY_CAST(inicio_a AS DATE) AS inicio, TRY_CAST(fin_a AS DATE) AS fin
    FROM reference.conciliaciones WHERE origen_a <> ''
    UNION ALL
    SELECT codigo, orden, unidad, explicacion, nota, 'b', lado_b, texto_b, origen_b, clave_b, dimension_b, codigos_b, publicado_b,
           TRY_CAST(inicio_b AS DATE), TRY_CAST(fin_b AS DATE)
    FROM reference.conciliaciones WHERE origen_b <> ''
),
publicadas AS (
    SELECT l.codigo, l.lado, h.valor, [h.report_id] AS reportes, h.publicado_en, h.publicado_en_precision
    FROM lados l
    JOIN historia.cifras_publicadas h
      ON h.serie = l.clave AND h.dimension = l.dimension AND h.codigos = l.codigos AND h.periodo_inicio = l.inicio AND h.periodo_fin = l.fin
     AND starts_with(CAST(h.publicado_en AS VARCHAR), l.publicado)
    WHERE l.origen = 'serie'
    QUALIFY row_number() OVER (PARTITION BY l.codigo, l.lado ORDER BY h.publicado_en DESC, h.report_id DESC) = 1
)
SELECT l.*, p.valor, p.reportes, p.publicado_en, p.publicado_en_precision
FROM lados l
LEFT JOIN publicadas p USING (codigo, lado)
