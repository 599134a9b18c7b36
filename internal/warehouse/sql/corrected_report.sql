-- Purpose: the report of a load, whose ledger row may not be written yet (then the
-- variable reporte names it), and whether a row that a correction speaks of must be
-- among the load's: not when an earlier load of the report may hold it.
-- A report that came without a source cannot be named by it. Grain: at most one row. Parameter: the load.
SELECT r.report_id, r.name, r.sha256, CASE WHEN r.source_basis = 'buzon' THEN '' ELSE r.source END, CAST(r.published_on AS VARCHAR),
       NOT EXISTS (SELECT 1 FROM ledger.loads a
                   WHERE a.report_id = r.report_id AND a.load_id < CAST($1 AS INTEGER) AND a.outcome IN ('aceptado', 'parcial'))
FROM ledger.reports r
WHERE r.report_id = coalesce((SELECT report_id FROM ledger.loads WHERE load_id = CAST($1 AS INTEGER)), getvariable('reporte'));
