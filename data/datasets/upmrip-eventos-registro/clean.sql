-- Purpose: the register of events as counts, so that no row about one event
-- leaves the raw table; the same columns as the monthly table. Rows are counted by
-- their codes first and then told what those mean: a million rows become some ten
-- thousand before any text is looked at.
-- Grain: one row per month, entidad, nacionalidad, sexo, grupo_edad, condicion.
-- Keys: periodo_inicio, entidad, nacionalidad, sexo, grupo_edad, condicion.
WITH contados AS (
    SELECT load_id, year(fecha) * 12 + month(fecha) - 1 AS mes, entidad, nacionalidad, sexo,
           CASE WHEN edad <= 11 THEN 1 WHEN edad <= 17 THEN 2 ELSE 3 END AS tramo, condicion, count(*) AS eventos
    FROM entrega_codigos
    GROUP BY ALL
),
dichos AS (
    SELECT make_date(c.mes // 12, c.mes % 12 + 1, 1) AS periodo_inicio, e.canonico AS entidad, n.canonico AS nacionalidad, s.canonico AS sexo,
           ['0-11', '12-17', '18+'][c.tramo] AS grupo_edad, k.canonico AS condicion, c.eventos
    FROM contados c
    LEFT JOIN significados e ON e.columna = 'entidad' AND e.load_id = c.load_id AND e.codigo = c.entidad
    LEFT JOIN significados n ON n.columna = 'nacionalidad' AND n.load_id = c.load_id AND n.codigo = c.nacionalidad
    LEFT JOIN significados s ON s.columna = 'sexo' AND s.load_id = c.load_id AND s.codigo = c.sexo
    LEFT JOIN significados k ON k.columna = 'condicion' AND k.load_id = c.load_id AND k.codigo = c.condicion
)
SELECT periodo_inicio, last_day(periodo_inicio) AS periodo_fin,
       entidad, nacionalidad, sexo, grupo_edad, condicion, CAST(sum(eventos) AS BIGINT) AS eventos
FROM dichos
GROUP BY ALL
