-- Purpose: rules of reported crimes across columns and rows.
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

-- check: partes_rebasan_total
WITH pares AS (
    SELECT t.line, t.denuncias AS total, p.denuncias AS parte, 'sexo' AS desglose
    FROM entrega t
    JOIN entrega p ON (p.periodo_inicio, p.periodo_fin, p.publicado_en, p.fuente)
                    = (t.periodo_inicio, t.periodo_fin, t.publicado_en, t.fuente)
                  AND p.delito IS NOT DISTINCT FROM t.delito
    WHERE t.sexo IS NULL AND p.sexo IS NOT NULL
    UNION ALL
    SELECT t.line, t.denuncias, p.denuncias, 'delito'
    FROM entrega t
    JOIN entrega p ON (p.periodo_inicio, p.periodo_fin, p.publicado_en, p.fuente)
                    = (t.periodo_inicio, t.periodo_fin, t.publicado_en, t.fuente)
                  AND p.sexo IS NOT DISTINCT FROM t.sexo
    WHERE t.delito IS NULL AND p.delito IS NOT NULL
)
SELECT line AS linea, 'denuncias' AS columna, CAST(total AS VARCHAR) AS valor,
       'por ' || desglose || ' suman ' || CAST(sum(parte) AS VARCHAR) AS mensaje
FROM pares
GROUP BY line, total, desglose
HAVING sum(parte) > total
