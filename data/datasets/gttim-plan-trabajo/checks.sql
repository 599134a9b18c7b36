-- Purpose: rules of the annual plan across columns.
-- Grain: each SELECT gives one row per offence: linea, columna, valor, mensaje.

-- check: accion_de_otro_eje
SELECT line AS linea, 'accion' AS columna, accion AS valor, 'el eje del renglón es ' || eje AS mensaje
FROM entrega
WHERE split_part(accion, '.', 1) <> eje;

-- check: institucion_desconocida
WITH grafias AS (
    SELECT codigo, strip_accents(lower(trim(unnest(string_split(concat_ws('|', codigo, nombre, nullif(sinonimos, '')), '|'))))) AS escrita
    FROM reference.instituciones
    UNION ALL SELECT 'todas', 'todas'
),
trozos AS (
    SELECT line, papel, trim(unnest(string_split(replace(lista, ';', '|'), '|'))) AS trozo
    FROM (SELECT line, 'responsables' AS papel, responsables AS lista FROM entrega
          UNION ALL SELECT line, 'coadyuvantes', coadyuvantes FROM entrega)
),
partes AS (
    SELECT t.line, t.papel,
           trim(unnest(CASE WHEN g.codigo IS NULL THEN string_split(t.trozo, ',') ELSE [t.trozo] END)) AS parte
    FROM trozos t
    LEFT JOIN grafias g ON g.escrita = strip_accents(lower(t.trozo))
)
SELECT p.line AS linea, p.papel AS columna, string_agg(p.parte, ', ' ORDER BY p.parte) AS valor,
       'no está en el catálogo de instituciones' AS mensaje
FROM partes p
LEFT JOIN grafias g ON g.escrita = strip_accents(lower(p.parte))
WHERE g.codigo IS NULL AND p.parte <> ''
GROUP BY p.line, p.papel;

-- check: cumplimiento_sin_estatus
SELECT line AS linea, 'fecha_cumplimiento' AS columna, CAST(fecha_cumplimiento AS VARCHAR) AS valor,
       'el estatus es ' || estatus AS mensaje
FROM entrega
WHERE fecha_cumplimiento IS NOT NULL AND estatus <> 'cumplido';

-- check: cumplido_sin_evidencia
SELECT line AS linea, 'evidencia' AS columna, '' AS valor,
       'una acción cumplida lleva el documento en que consta' AS mensaje
FROM entrega
WHERE estatus = 'cumplido' AND trim(coalesce(evidencia, '')) = '';

-- check: accion_fuera_del_plan
SELECT e.line AS linea, 'accion' AS columna, e.accion AS valor,
       'la tabla acciones_plan no la tiene en ' || CAST(e.anio AS VARCHAR) AS mensaje
FROM entrega e
LEFT JOIN reference.acciones_plan a ON a.anio = CAST(e.anio AS VARCHAR) AND a.accion = e.accion
WHERE a.accion IS NULL
