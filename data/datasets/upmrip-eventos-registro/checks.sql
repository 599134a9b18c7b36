-- Purpose: rules of the register of events that one row alone cannot show. A report
-- rules every month between its first and its last, so one year mistyped would
-- take the place of good months of others.
-- Totals under a hundred a month are not compared: chance alone moves them. States
-- are counted once file and rows in force name enough of them (limite) to be of the
-- whole country. A row is one event: there is no unit to mistake.
-- Grain: each SELECT gives one row per offence: linea, columna, valor, mensaje, and
-- the period it is about.

-- check: salto_de_anios
WITH dias AS (
    SELECT e.fecha, min(e.line) AS line FROM entrega_codigos e GROUP BY e.fecha
),
meses AS (
    SELECT make_date(year(fecha), month(fecha), 1) AS mes, min(line) AS line FROM dias GROUP BY ALL
)
SELECT line AS linea, 'fecha' AS columna, strftime(mes, '%Y-%m') AS valor,
       'entre ' || strftime(lag(mes) OVER (ORDER BY mes), '%Y-%m') || ' y ' || strftime(mes, '%Y-%m') || ' no hay ninguna fila' AS mensaje
FROM meses
QUALIFY mes > lag(mes) OVER (ORDER BY mes) + INTERVAL 13 MONTH;

-- check: meses_sin_filas
WITH meses AS (
    SELECT DISTINCT periodo_inicio AS mes FROM limpia
),
huecos AS (
    SELECT CAST(lag(mes) OVER (ORDER BY mes) + INTERVAL 1 MONTH AS DATE) AS desde, CAST(mes - INTERVAL 1 DAY AS DATE) AS hasta
    FROM meses
),
perdidos AS (
    SELECT h.desde, h.hasta, sum(a.eventos) AS eventos
    FROM huecos h
    LEFT JOIN anterior a ON a.periodo_inicio >= h.desde AND a.periodo_fin <= h.hasta
    WHERE h.desde <= h.hasta
    GROUP BY h.desde, h.hasta
)
SELECT 0 AS linea, 'fecha' AS columna, strftime(desde, '%Y-%m') AS valor,
       'de ' || strftime(desde, '%Y-%m') || ' a ' || strftime(hasta, '%Y-%m') || ' no hay ninguna fila'
       || coalesce(format('; lo que estaba en vigor suma {:,} eventos', CAST(eventos AS BIGINT)), '') AS mensaje,
       desde AS periodo_inicio, hasta AS periodo_fin
FROM perdidos;

-- check: entidades_faltantes
WITH estados AS (
    SELECT codigo, nombre FROM reference.entidades WHERE tipo = 'estado'
),
nombradas AS (
    SELECT count(DISTINCT codigo) AS cuantas
    FROM (SELECT entidad FROM limpia UNION SELECT entidad FROM anterior) JOIN estados ON codigo = entidad
),
faltan AS (
    SELECT m.periodo_inicio, m.periodo_fin, count(*) AS cuantas, list(e.nombre ORDER BY e.codigo) AS nombres
    FROM (SELECT DISTINCT periodo_inicio, periodo_fin FROM limpia) m
    CROSS JOIN estados e
    LEFT JOIN (SELECT DISTINCT periodo_inicio, entidad FROM limpia) l ON l.periodo_inicio = m.periodo_inicio AND l.entidad = e.codigo
    WHERE l.entidad IS NULL
    GROUP BY m.periodo_inicio, m.periodo_fin
)
SELECT 0 AS linea, 'entidad' AS columna, strftime(periodo_inicio, '%Y-%m') AS valor,
       format('en {} se esperan {} entidades y hay {}: falta {}', strftime(periodo_inicio, '%Y-%m'),
              (SELECT count(*) FROM estados), (SELECT count(*) FROM estados) - cuantas,
              array_to_string(nombres[1:5], ', ') || CASE WHEN cuantas > 5 THEN '…' ELSE '' END) AS mensaje,
       periodo_inicio, periodo_fin
FROM faltan
WHERE (SELECT cuantas FROM nombradas) >= getvariable('limite');

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

-- check: salto_del_total
WITH totales AS (
    SELECT periodo_inicio, periodo_fin, sum(eventos) AS total, true AS propio FROM limpia GROUP BY ALL
    UNION ALL
    SELECT periodo_inicio, periodo_fin, sum(eventos), false FROM anterior
    WHERE periodo_inicio NOT IN (SELECT periodo_inicio FROM limpia) GROUP BY ALL
),
seguidos AS (
    SELECT *, lag(total) OVER meses AS previo, lag(periodo_inicio) OVER meses AS mes_previo
    FROM totales
    WINDOW meses AS (ORDER BY periodo_inicio)
)
SELECT 0 AS linea, 'eventos' AS columna, CAST(total AS VARCHAR) AS valor,
       format('de {} a {} el total pasa de {:,} a {:,} ({:+.1f} %)', strftime(mes_previo, '%Y-%m'), strftime(periodo_inicio, '%Y-%m'),
              CAST(previo AS BIGINT), CAST(total AS BIGINT), 100.0 * (total / previo - 1)) AS mensaje,
       periodo_inicio, periodo_fin
FROM seguidos
WHERE propio AND mes_previo = periodo_inicio - INTERVAL 1 MONTH AND previo > 0 AND greatest(total, previo) >= 100
  AND abs(total / previo - 1) * 100 > getvariable('limite')
