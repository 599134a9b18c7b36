-- Purpose: the earlier loads that a correction's load adds to: those in force, at
-- that load, of the report at the bottom of its chain of corrections and of every
-- other report of that chain. Parameter: the load, whose ledger row may not be
-- written yet (then the variable reporte names its report).
-- Grain: one row, a JSON list of load ids.
WITH RECURSIVE propio AS (
    SELECT CAST($1 AS INTEGER) AS load_id,
           coalesce((SELECT report_id FROM ledger.loads WHERE load_id = CAST($1 AS INTEGER)), getvariable('reporte')) AS report_id
),
cadena AS (
    SELECT report_id, report_id AS raiz, corrects FROM ledger.reports
    UNION ALL
    SELECT c.report_id, r.report_id, r.corrects
    FROM cadena c JOIN ledger.reports r ON r.report_id = c.corrects
),
raices AS (
    SELECT report_id, raiz FROM cadena WHERE corrects IS NULL
)
SELECT CAST(to_json(coalesce(list(v.load_id ORDER BY v.load_id), CAST([] AS INTEGER[]))) AS VARCHAR)
FROM propio p
JOIN ledger.reports r ON r.report_id = p.report_id AND r.corrects IS NOT NULL
JOIN raices m ON m.report_id = p.report_id
JOIN raices o ON o.raiz = m.raiz AND o.report_id <> p.report_id
JOIN ledger.vigencias v ON v.report_id = o.report_id AND v.load_id < p.load_id
 AND (v.hasta IS NULL OR v.hasta > p.load_id);
