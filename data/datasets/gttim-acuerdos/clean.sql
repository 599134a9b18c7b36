-- Purpose: agreements of the working group, typed, dated by the day they are
-- due (NULL where none was set), their institutions as codes: a list in
-- alphabetical order separated by bars, 'todas' for all of them.
-- Grain: one row per agreement. Keys: acuerdo.
WITH source AS (
    SELECT * FROM entrega
),
grafias AS (
    SELECT codigo, strip_accents(lower(trim(unnest(string_split(concat_ws('|', codigo, nombre, nullif(sinonimos, '')), '|'))))) AS escrita
    FROM reference.instituciones
    UNION ALL SELECT 'todas', 'todas'
),
trozos AS (
    SELECT line, trim(unnest(string_split(replace(responsables, ';', '|'), '|'))) AS trozo FROM source
),
-- A full name may hold commas, so commas separate only what is no name whole.
partes AS (
    SELECT t.line, unnest(CASE WHEN g.codigo IS NULL THEN string_split(t.trozo, ',') ELSE [t.trozo] END) AS parte
    FROM trozos t
    LEFT JOIN grafias g ON g.escrita = strip_accents(lower(t.trozo))
),
claves AS (
    SELECT p.line, array_to_string(list_sort(list(DISTINCT g.codigo)), '|') AS codigos
    FROM partes p
    JOIN grafias g ON g.escrita = strip_accents(lower(trim(p.parte)))
    GROUP BY ALL
)
SELECT s.line, s.fecha_compromiso AS periodo_inicio, s.fecha_compromiso AS periodo_fin,
       s.acuerdo, s.sesion, s.texto, c.codigos AS responsables, s.fecha_compromiso, s.estatus, s.fecha_cumplimiento
FROM source s
LEFT JOIN claves c ON c.line = s.line
