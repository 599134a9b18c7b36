-- Purpose: detail lines from their canonical form. Parameters: indicator, load,
-- JSON list of {c: content, f: first day, t: end day or null}.
-- Grain: one row per line.
INSERT INTO indicators.detalles
WITH lineas AS (
    SELECT unnest(from_json(CAST($3 AS JSON), '[{"c": "VARCHAR", "f": "DATE", "t": "DATE"}]')) AS x
)
SELECT $1, CAST(x.c->>'$.o' AS INTEGER), x.c->'$.f', x.c, x.f, x.t, $2, NULL
FROM lineas;
