-- Purpose: publications, typed, dated by their year (that of fecha where anio is
-- empty; NULL where neither is known). Institutions as codes: a list in
-- alphabetical order separated by bars; one without a code stands for itself.
-- Grain: one row per publication. Keys: anio, titulo.
WITH source AS (
    SELECT *, coalesce(anio, year(fecha)) AS publicada FROM entrega
),
grafias AS (
    SELECT codigo, strip_accents(lower(trim(unnest(string_split(concat_ws('|', codigo, nombre, nullif(sinonimos, '')), '|'))))) AS escrita
    FROM reference.instituciones
),
trozos AS (
    SELECT line, trim(unnest(string_split(replace(instituciones, ';', '|'), '|'))) AS trozo FROM source
),
-- A full name may hold commas, so commas separate only what is no name whole.
partes AS (
    SELECT t.line, trim(unnest(CASE WHEN g.codigo IS NULL THEN string_split(t.trozo, ',') ELSE [t.trozo] END)) AS parte
    FROM trozos t
    LEFT JOIN grafias g ON g.escrita = strip_accents(lower(t.trozo))
),
claves AS (
    SELECT p.line, array_to_string(list_sort(list(DISTINCT coalesce(g.codigo, p.parte))), '|') AS codigos
    FROM partes p
    LEFT JOIN grafias g ON g.escrita = strip_accents(lower(p.parte))
    WHERE p.parte <> ''
    GROUP BY ALL
)
SELECT s.line, make_date(s.publicada, 1, 1) AS periodo_inicio, make_date(s.publicada, 12, 31) AS periodo_fin,
       s.publicada AS anio, s.titulo, c.codigos AS instituciones, s.tipo, s.fecha, s.fecha_precision, s.url
FROM source s
LEFT JOIN claves c ON c.line = s.line
