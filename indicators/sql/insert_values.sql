-- Purpose: value lines from their canonical form. Parameters: indicator, load,
-- JSON list of {c: content, f: first day, t: end day or null}.
-- Grain: one row per line.
INSERT INTO indicators.valores
WITH lineas AS (
    SELECT unnest(from_json(CAST($3 AS JSON), '[{"c": "VARCHAR", "f": "DATE", "t": "DATE"}]')) AS x
)
SELECT $1, CAST(x.c->>'$.i' AS DATE), CAST(x.c->>'$.f' AS DATE), x.c->'$.d', x.c->'$.e',
       CAST(x.c->>'$.v' AS DOUBLE), CAST(x.c->>'$.n' AS DOUBLE), CAST(x.c->>'$.m' AS DOUBLE),
       x.c->>'$.u', x.c->>'$.s', CAST(x.c->>'$.r' AS BOOLEAN), CAST(x.c->>'$.a' AS DOUBLE), CAST(x.c->>'$.b' AS DOUBLE),
       x.c->'$.t', x.c->'$.x', CAST(x.c->>'$.g' AS DATE), x.c->>'$.p', x.c->'$.q',
       x.c, x.f, x.t, $2, NULL
FROM lineas;
