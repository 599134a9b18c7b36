-- Purpose: how the periods of one report lie among those of the dataset's other
-- reports in force: days between that no report covers (R070), and reports of
-- which it covers a part only (R071). Parameters: dataset, report, first and last
-- day that it covers. Grain: one row per gap, one for all reports partly covered.
WITH otros AS (
    SELECT v.report_id, min(v.first_period) AS primero, max(v.last_period) AS ultimo
    FROM ledger.vigencias v
    WHERE v.dataset = $1 AND v.report_id <> CAST($2 AS INTEGER) AND v.hasta IS NULL AND v.first_period IS NOT NULL
    GROUP BY v.report_id
),
propio AS (
    SELECT CAST($3 AS DATE) AS primero, CAST($4 AS DATE) AS ultimo
),
huecos AS (
    SELECT CAST(max(o.ultimo) + 1 AS DATE) AS inicio, CAST(any_value(p.primero) - 1 AS DATE) AS fin
    FROM propio p JOIN otros o ON o.ultimo < p.primero
    WHERE NOT EXISTS (SELECT 1 FROM otros x WHERE x.primero < p.primero AND x.ultimo >= p.primero - 1)
    UNION ALL
    SELECT CAST(any_value(p.ultimo) + 1 AS DATE), CAST(min(o.primero) - 1 AS DATE)
    FROM propio p JOIN otros o ON o.primero > p.ultimo
    WHERE NOT EXISTS (SELECT 1 FROM otros x WHERE x.ultimo > p.ultimo AND x.primero <= p.ultimo + 1)
),
parciales AS (
    SELECT o.report_id, greatest(o.primero, p.primero) AS inicio, least(o.ultimo, p.ultimo) AS fin
    FROM propio p JOIN otros o ON o.primero <= p.ultimo AND o.ultimo >= p.primero
    WHERE NOT (p.primero <= o.primero AND p.ultimo >= o.ultimo)
)
SELECT 'R070' AS regla, inicio, fin, 'ningún reporte cubre del ' || inicio || ' al ' || fin AS mensaje
FROM huecos WHERE inicio <= fin
UNION ALL
SELECT 'R071', min(inicio), max(fin),
       'del ' || min(inicio) || ' al ' || max(fin) || ' lo cubre también, con otros periodos, el reporte '
       || string_agg(CAST(report_id AS VARCHAR), ', ' ORDER BY report_id)
FROM parciales
HAVING count(*) > 0
ORDER BY ALL;
