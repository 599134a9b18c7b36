-- Purpose: rules of the bulletin's table that one row alone cannot show. Its totals
-- are held against their parts as the file is read, by the contract's hierarchy.
-- Totals under a hundred a month, and countries under ten, are not compared: chance
-- alone moves them.
-- Grain: each SELECT gives one row per offence: linea, columna, valor, mensaje, and
-- the period it is about.

-- check: revision_grande
WITH nuevos AS (
    SELECT periodo_inicio, periodo_fin, sum(eventos) AS total FROM limpia GROUP BY ALL
),
viejos AS (
    SELECT periodo_inicio, sum(eventos) AS total FROM anterior GROUP BY ALL
)
SELECT 0 AS linea, 'eventos' AS columna, CAST(n.total AS VARCHAR) AS valor,
       format('en {} el total pasa de {:,} a {:,} ({:+.1f} %) respecto de lo que estaba en vigor', strftime(periodo_inicio, '%Y-%m'),
              CAST(v.total AS BIGINT), CAST(n.total AS BIGINT), 100.0 * (n.total / v.total - 1)) AS mensaje,
       periodo_inicio, n.periodo_fin
FROM nuevos n
JOIN viejos v USING (periodo_inicio)
WHERE greatest(n.total, v.total) >= 100 AND v.total > 0 AND abs(n.total / v.total - 1) * 100 > getvariable('limite');

-- check: paises_ausentes
WITH nuevos AS (
    SELECT DISTINCT periodo_inicio, nacionalidad FROM limpia
),
viejos AS (
    SELECT a.nacionalidad, min(a.periodo_inicio) AS inicio, max(a.periodo_fin) AS fin, sum(a.eventos) AS eventos
    FROM anterior a
    WHERE a.periodo_inicio IN (SELECT periodo_inicio FROM nuevos)
      AND NOT EXISTS (SELECT 1 FROM nuevos n WHERE n.nacionalidad = a.nacionalidad)
    GROUP BY a.nacionalidad
)
SELECT 0 AS linea, 'nacionalidad' AS columna, p.nombre AS valor,
       format('ya no está; en los mismos meses lo que estaba en vigor le da {:,} eventos', CAST(v.eventos AS BIGINT)) AS mensaje,
       v.inicio AS periodo_inicio, v.fin AS periodo_fin
FROM viejos v
JOIN reference.paises p ON p.codigo = v.nacionalidad
WHERE v.eventos >= 10;

-- check: otra_unidad
SELECT 0 AS linea, 'eventos' AS columna, CAST(nuevo AS VARCHAR) AS valor,
       format('los mismos meses suman {:,} y lo que estaba en vigor da {:,}: parece otra unidad', nuevo, viejo) AS mensaje
FROM (SELECT CAST(sum(n.total) AS BIGINT) AS nuevo, CAST(sum(v.total) AS BIGINT) AS viejo
      FROM (SELECT periodo_inicio, sum(eventos) AS total FROM limpia GROUP BY ALL) n
      JOIN (SELECT periodo_inicio, sum(eventos) AS total FROM anterior GROUP BY ALL) v USING (periodo_inicio))
WHERE greatest(nuevo, viejo) >= 10000 AND greatest(nuevo, viejo) > getvariable('limite') * greatest(least(nuevo, viejo), 1)
