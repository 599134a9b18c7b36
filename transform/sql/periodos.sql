-- Purpose: how the periods of one report lie among those of the dataset's other
-- reports in force: the last day that those cover which begin before it, the first of
-- those which end after it, and what it shares with reports of which it covers a part
-- only, with their numbers. Parameters: dataset, report, first and last day that it
-- covers. Grain: one row.
WITH otros AS (
    SELECT report_id, min(first_period) AS primero, max(last_period) AS ultimo
    FROM ledger.vigencias
    WHERE dataset = $1 AND report_id <> CAST($2 AS INTEGER) AND hasta IS NULL AND first_period IS NOT NULL
    GROUP BY report_id
),
juntos AS (
    SELECT *, primero <= CAST($4 AS DATE) AND ultimo >= CAST($3 AS DATE)
              AND NOT (CAST($3 AS DATE) <= primero AND CAST($4 AS DATE) >= ultimo) AS parcial
    FROM otros
)
SELECT max(ultimo) FILTER (primero < CAST($3 AS DATE)),
       min(primero) FILTER (ultimo > CAST($4 AS DATE)),
       min(greatest(primero, CAST($3 AS DATE))) FILTER (parcial),
       max(least(ultimo, CAST($4 AS DATE))) FILTER (parcial),
       string_agg(CAST(report_id AS VARCHAR), ', ' ORDER BY report_id) FILTER (parcial)
FROM juntos;
