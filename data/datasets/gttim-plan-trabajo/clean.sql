-- Purpose: the annual work plan, typed, its institutions as codes: a list in
-- alphabetical order separated by bars, 'todas' for all of them, NULL where
-- nobody has filled them in.
-- Grain: one row per year and action. Keys: anio, accion.
WITH source AS (
    SELECT * FROM entrega
),
grafias AS (
    SELECT codigo, strip_accents(lower(trim(unnest(string_split(concat_ws('|', codigo, nombre, nullif(sinonimos, '')), '|'))))) AS escrita
    FROM reference.instituciones
    UNION ALL SELECT 'todas', 'todas'
),
trozos AS (
    SELECT line, papel, trim(unnest(string_split(replace(lista, ';', '|'), '|'))) AS trozo
    FROM (SELECT line, 'responsables' AS papel, responsables AS lista FROM source
          UNION ALL SELECT line, 'coadyuvantes', coadyuvantes FROM source)
),
-- A full name may hold commas, so commas separate only what is no name whole.
partes AS (
    SELECT t.line, t.papel,
           unnest(CASE WHEN g.codigo IS NULL THEN string_split(t.trozo, ',') ELSE [t.trozo] END) AS parte
    FROM trozos t
    LEFT JOIN grafias g ON g.escrita = strip_accents(lower(t.trozo))
),
claves AS (
    SELECT p.line, p.papel, array_to_string(list_sort(list(DISTINCT g.codigo)), '|') AS codigos
    FROM partes p
    JOIN grafias g ON g.escrita = strip_accents(lower(trim(p.parte)))
    GROUP BY ALL
)
SELECT s.line, make_date(s.anio, 1, 1) AS periodo_inicio, make_date(s.anio, 12, 31) AS periodo_fin,
       s.anio, s.eje, s.accion, s.texto, r.codigos AS responsables, c.codigos AS coadyuvantes,
       s.estatus, s.fecha_compromiso, s.fecha_cumplimiento, s.evidencia
FROM source s
LEFT JOIN claves r ON r.line = s.line AND r.papel = 'responsables'
LEFT JOIN claves c ON c.line = s.line AND c.papel = 'coadyuvantes'
