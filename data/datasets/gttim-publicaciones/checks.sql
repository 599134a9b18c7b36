-- Purpose: rules of publications across columns.
-- Grain: each SELECT gives one row per offence: linea, columna, valor, mensaje.

-- check: fecha_de_otro_anio
SELECT line AS linea, 'fecha' AS columna, CAST(fecha AS VARCHAR) AS valor,
       'el año del renglón es ' || CAST(anio AS VARCHAR) AS mensaje
FROM entrega
WHERE year(fecha) <> anio;

-- check: institucion_sin_catalogo
WITH grafias AS (
    SELECT codigo, strip_accents(lower(trim(unnest(string_split(concat_ws('|', codigo, nombre, nullif(sinonimos, '')), '|'))))) AS escrita
    FROM reference.instituciones
),
trozos AS (
    SELECT line, trim(unnest(string_split(replace(instituciones, ';', '|'), '|'))) AS trozo FROM entrega
),
partes AS (
    SELECT t.line, trim(unnest(CASE WHEN g.codigo IS NULL THEN string_split(t.trozo, ',') ELSE [t.trozo] END)) AS parte
    FROM trozos t
    LEFT JOIN grafias g ON g.escrita = strip_accents(lower(t.trozo))
)
SELECT p.line AS linea, 'instituciones' AS columna, string_agg(p.parte, ', ' ORDER BY p.parte) AS valor,
       'no está en el catálogo de instituciones' AS mensaje
FROM partes p
LEFT JOIN grafias g ON g.escrita = strip_accents(lower(p.parte))
WHERE g.codigo IS NULL AND p.parte <> ''
GROUP BY p.line
