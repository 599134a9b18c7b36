-- Purpose: rules of the federal case files across columns and rows.
-- Grain: each SELECT gives one row per offence: linea, columna, valor, mensaje.
-- A line of the file is one row per published month in `entrega`. Small totals (under
-- a hundred a month, a thousand in all) are not compared: chance alone moves them.

-- check: clave_distinta
SELECT DISTINCT line AS linea, 'inegi' AS columna, CAST(inegi AS VARCHAR) AS valor,
       'la clave de la entidad es ' || entidad AS mensaje
FROM entrega
WHERE inegi IS NOT NULL AND lpad(CAST(inegi AS VARCHAR), 2, '0') <> entidad;

-- check: entidades_incompletas
SELECT 0 AS linea, 'entidad' AS columna, CAST(anio AS VARCHAR) AS valor,
       'en ' || CAST(anio AS VARCHAR) || ' se esperan 33 entidades (32 y EXTRANJERO) y hay ' || CAST(count(DISTINCT entidad) AS VARCHAR) AS mensaje
FROM entrega
GROUP BY anio
HAVING count(DISTINCT entidad) <> 33;

-- check: revision_grande
WITH nuevos AS (
    SELECT periodo_inicio, periodo_fin, sum(carpetas) AS total FROM limpia GROUP BY ALL
),
viejos AS (
    SELECT periodo_inicio, sum(carpetas) AS total FROM anterior GROUP BY ALL
)
SELECT 0 AS linea, 'carpetas' AS columna, CAST(n.total AS VARCHAR) AS valor,
       format('en {} el total pasa de {:,} a {:,} ({:+.1f} %) respecto de lo que estaba en vigor', strftime(periodo_inicio, '%Y-%m'),
              CAST(v.total AS BIGINT), CAST(n.total AS BIGINT), 100.0 * (n.total / v.total - 1)) AS mensaje,
       periodo_inicio, n.periodo_fin
FROM nuevos n
JOIN viejos v USING (periodo_inicio)
WHERE greatest(n.total, v.total) >= 100 AND v.total > 0 AND abs(n.total / v.total - 1) * 100 > getvariable('limite');

-- check: tipos_ausentes
WITH nuevos AS (
    SELECT DISTINCT year(periodo_inicio) AS anio, tipo FROM limpia
),
viejos AS (
    SELECT year(periodo_inicio) AS anio, tipo, sum(carpetas) AS carpetas, min(periodo_inicio) AS inicio, max(periodo_fin) AS fin
    FROM anterior
    WHERE year(periodo_inicio) IN (SELECT anio FROM nuevos)
    GROUP BY ALL
)
SELECT 0 AS linea, 'tipo' AS columna, v.tipo AS valor,
       format('en {} ya no está; lo que estaba en vigor suma {:,} carpetas', v.anio, CAST(v.carpetas AS BIGINT)) AS mensaje,
       v.inicio AS periodo_inicio, v.fin AS periodo_fin
FROM viejos v
LEFT JOIN nuevos n USING (anio, tipo)
WHERE n.tipo IS NULL;

-- check: otra_unidad
SELECT 0 AS linea, 'carpetas' AS columna, CAST(nuevo AS VARCHAR) AS valor,
       format('los mismos meses suman {:,} y lo que estaba en vigor da {:,}: parece otra unidad', nuevo, viejo) AS mensaje
FROM (SELECT CAST(sum(n.total) AS BIGINT) AS nuevo, CAST(sum(v.total) AS BIGINT) AS viejo
      FROM (SELECT periodo_inicio, sum(carpetas) AS total FROM limpia GROUP BY ALL) n
      JOIN (SELECT periodo_inicio, sum(carpetas) AS total FROM anterior GROUP BY ALL) v USING (periodo_inicio))
WHERE greatest(nuevo, viejo) >= 1000 AND greatest(nuevo, viejo) > getvariable('limite') * greatest(least(nuevo, viejo), 1)
