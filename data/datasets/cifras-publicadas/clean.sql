-- Purpose: published figures with their labels turned into catalogue codes, so
-- that two documents that name a thing differently speak of one observation.
-- Grain: one row per delivered row: observation, vintage and source.
-- Keys: line; an observation is serie, periodo_inicio, periodo_fin, dimension,
-- codigos. `dimension` and `codigos` list the breakdowns in alphabetical order,
-- joined by commas, '' for totals; a label without a code stands for itself.
WITH source AS (
    SELECT * FROM entrega
),
dimensiones AS (
    SELECT codigo, unnest(string_split(concat_ws('|', codigo, nullif(sinonimos, '')), '|')) AS escrita
    FROM reference.dimensiones
),
catalogos AS (
    SELECT 'entidad' AS dimension, codigo, nombre, sinonimos FROM reference.entidades
    UNION ALL SELECT 'nacionalidad', codigo, nombre, sinonimos FROM reference.paises
    UNION ALL SELECT 'region', codigo, nombre, sinonimos FROM reference.regiones
    UNION ALL SELECT 'continente', codigo, nombre, sinonimos FROM reference.continentes
),
grafias AS (
    SELECT dimension, dimension_codigo, codigo, etiqueta FROM reference.etiquetas
    UNION ALL
    SELECT dimension, dimension, codigo, unnest(string_split(concat_ws('|', codigo, nombre, nullif(sinonimos, '')), '|'))
    FROM catalogos
),
etiquetas AS (
    SELECT dimension, strip_accents(lower(trim(etiqueta))) AS escrita,
           min(dimension_codigo) AS dimension_codigo, min(codigo) AS codigo
    FROM grafias
    GROUP BY ALL
),
renamed AS (
    SELECT line, unnest(string_split(dimension, ',')) AS dimension,
           unnest(CASE WHEN contains(dimension, ',') THEN string_split(valor_dimension, ',') ELSE [valor_dimension] END) AS etiqueta
    FROM source
),
partes AS (
    SELECT r.line,
           unnest(string_split(coalesce(e.dimension_codigo, d.codigo, r.dimension), ',')) AS dimension,
           unnest(CASE WHEN e.codigo IS NULL THEN [r.etiqueta] ELSE string_split(e.codigo, ',') END) AS codigo
    FROM renamed r
    LEFT JOIN dimensiones d ON d.escrita = r.dimension
    LEFT JOIN etiquetas e ON e.dimension = d.codigo AND e.escrita = strip_accents(lower(trim(r.etiqueta)))
    WHERE coalesce(d.codigo, '') <> 'total'
),
checked AS (
    SELECT line, string_agg(dimension, ',' ORDER BY dimension) AS dimension,
           string_agg(codigo, ',' ORDER BY dimension) AS codigos
    FROM partes
    GROUP BY line
)
SELECT s.line, s.serie, s.periodo_inicio, s.periodo_fin,
       coalesce(c.dimension, '') AS dimension,
       coalesce(s.valor_dimension, '') AS valor_dimension,
       coalesce(c.codigos, '') AS codigos,
       s.valor, s.redondeado,
       coalesce(starts_with(lower(s.nota), 'preliminar'), false) AS preliminar,
       s.publicado_en, s.publicado_en_precision, s.fuente, s.nota
FROM source s
LEFT JOIN checked c ON c.line = s.line
