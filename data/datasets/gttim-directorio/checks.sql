-- Purpose: rules of the directory. No offence repeats a mailbox, an area or a post.
-- Grain: each SELECT gives one row per offence: linea, columna, valor, mensaje.

-- check: correo_sin_forma
SELECT line AS linea, 'correo' AS columna, '' AS valor,
       'se espera un buzón, una arroba y un dominio, sin espacios' AS mensaje
FROM entrega
WHERE NOT regexp_full_match(correo, '[^@\s]+@[^@\s]+\.[^@\s]+');

-- check: instituciones_faltantes
SELECT 0 AS linea, 'institucion' AS columna, string_agg(i.codigo, ', ' ORDER BY i.codigo) AS valor,
       'faltan ' || CAST(count(*) AS VARCHAR) || ' instituciones del catálogo' AS mensaje
FROM reference.instituciones i
WHERE i.papel IN ('firmante', 'productora') AND i.codigo NOT IN (SELECT institucion FROM entrega)
HAVING count(*) > 0
