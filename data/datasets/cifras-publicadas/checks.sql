-- Purpose: rules of published figures that one cell alone cannot show.
-- Grain: each SELECT gives one row per offence: linea, columna, valor, mensaje.

-- check: periodo_invertido
SELECT line AS linea, 'periodo_fin' AS columna, CAST(periodo_fin AS VARCHAR) AS valor,
       'el periodo empieza el ' || CAST(periodo_inicio AS VARCHAR) || ' y termina antes' AS mensaje
FROM entrega
WHERE periodo_fin < periodo_inicio;

-- check: periodo_despues_de_publicacion
SELECT line AS linea, 'publicado_en' AS columna, CAST(publicado_en AS VARCHAR) AS valor,
       'el periodo termina el ' || CAST(periodo_fin AS VARCHAR) || ', después de publicarse' AS mensaje
FROM entrega
WHERE periodo_fin > publicado_en;

-- check: dimension_desconocida
WITH conocidas AS (
    SELECT unnest(string_split(concat_ws('|', codigo, nullif(sinonimos, '')), '|')) AS dimension
    FROM reference.dimensiones
),
partes AS (
    SELECT line, dimension AS completa, unnest(string_split(dimension, ',')) AS dimension FROM entrega
)
SELECT line AS linea, 'dimension' AS columna, any_value(completa) AS valor,
       'no se conoce el desglose ' || string_agg(dimension, ', ') AS mensaje
FROM partes
WHERE dimension NOT IN (SELECT dimension FROM conocidas)
GROUP BY line;

-- check: etiquetas_y_desgloses
SELECT line AS linea, 'valor_dimension' AS columna, coalesce(valor_dimension, '') AS valor,
       CASE WHEN dimension = 'total' THEN 'un total no lleva etiqueta'
            ELSE 'se esperan tantas etiquetas como desgloses: ' || CAST(len(string_split(dimension, ',')) AS VARCHAR) END AS mensaje
FROM entrega
WHERE CASE WHEN dimension = 'total' THEN coalesce(valor_dimension, '') <> ''
           WHEN coalesce(valor_dimension, '') = '' THEN true
           WHEN contains(dimension, ',') THEN len(string_split(dimension, ',')) <> len(string_split(valor_dimension, ','))
           ELSE false END;

-- check: etiqueta_sin_clave
WITH dimensiones AS (
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
    SELECT dimension, strip_accents(lower(trim(etiqueta))) AS etiqueta FROM reference.etiquetas
    UNION
    SELECT dimension, strip_accents(lower(trim(unnest(string_split(concat_ws('|', codigo, nombre, nullif(sinonimos, '')), '|')))))
    FROM catalogos
),
partes AS (
    SELECT line, unnest(string_split(dimension, ',')) AS dimension,
           unnest(CASE WHEN contains(dimension, ',') THEN string_split(valor_dimension, ',') ELSE [valor_dimension] END) AS etiqueta
    FROM entrega
    WHERE coalesce(valor_dimension, '') <> ''
)
SELECT p.line AS linea, 'valor_dimension' AS columna, p.etiqueta AS valor,
       'la etiqueta no tiene clave en el catálogo de ' || d.codigo AS mensaje
FROM partes p
JOIN dimensiones d ON d.escrita = p.dimension AND d.codigo <> 'total'
LEFT JOIN grafias g ON g.dimension = d.codigo AND g.etiqueta = strip_accents(lower(trim(p.etiqueta)))
WHERE g.etiqueta IS NULL AND p.etiqueta IS NOT NULL;

-- check: partes_rebasan_total
SELECT t.line AS linea, 'valor' AS columna, CAST(t.valor AS VARCHAR) AS valor,
       format('el total es {:,} y por {} suman {:,}', CAST(t.valor AS BIGINT), replace(p.dimension, 'condicion', 'condición'), CAST(sum(p.valor) AS BIGINT)) AS mensaje,
       t.periodo_inicio, t.periodo_fin
FROM limpia t
JOIN limpia p ON (p.serie, p.periodo_inicio, p.periodo_fin, p.publicado_en, p.fuente)
               = (t.serie, t.periodo_inicio, t.periodo_fin, t.publicado_en, t.fuente)
WHERE t.dimension = '' AND NOT t.redondeado AND p.dimension IN ('sexo', 'condicion', 'entidad', 'nacionalidad')
GROUP BY t.line, t.valor, t.periodo_inicio, t.periodo_fin, p.dimension
HAVING sum(p.valor) > t.valor AND NOT bool_or(p.redondeado)
