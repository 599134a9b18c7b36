-- Purpose: rules of the working group's agreements across columns.
-- Grain: each SELECT gives one row per offence: linea, columna, valor, mensaje.

-- check: acuerdo_de_otra_sesion
SELECT line AS linea, 'acuerdo' AS columna, acuerdo AS valor, 'la sesión del renglón es ' || sesion AS mensaje
FROM entrega
WHERE NOT starts_with(acuerdo, sesion || '-');

-- check: institucion_desconocida
WITH grafias AS (
    SELECT codigo, strip_accents(lower(trim(unnest(string_split(concat_ws('|', codigo, nombre, nullif(sinonimos, '')), '|'))))) AS escrita
    FROM reference.instituciones
    UNION ALL SELECT 'todas', 'todas'
),
trozos AS (
    SELECT line, trim(unnest(string_split(replace(responsables, ';', '|'), '|'))) AS trozo FROM entrega
),
partes AS (
    SELECT t.line, trim(unnest(CASE WHEN g.codigo IS NULL THEN string_split(t.trozo, ',') ELSE [t.trozo] END)) AS parte
    FROM trozos t
    LEFT JOIN grafias g ON g.escrita = strip_accents(lower(t.trozo))
)
SELECT p.line AS linea, 'responsables' AS columna, string_agg(p.parte, ', ' ORDER BY p.parte) AS valor,
       'no está en el catálogo de instituciones' AS mensaje
FROM partes p
LEFT JOIN grafias g ON g.escrita = strip_accents(lower(p.parte))
WHERE g.codigo IS NULL AND p.parte <> ''
GROUP BY p.line;

-- check: cumplimiento_sin_estatus
SELECT line AS linea, 'fecha_cumplimiento' AS columna, CAST(fecha_cumplimiento AS VARCHAR) AS valor,
       'el estatus es ' || estatus AS mensaje
FROM entrega
WHERE fecha_cumplimiento IS NOT NULL AND estatus <> 'cumplido';

-- check: cumplido_sin_fecha
SELECT line AS linea, 'fecha_cumplimiento' AS columna, '' AS valor,
       'un acuerdo cumplido lleva la fecha en que se cumplió' AS mensaje
FROM entrega
WHERE estatus = 'cumplido' AND fecha_cumplimiento IS NULL
