-- Purpose: is there a loaded report that is not synthetic? Grain: one row.
SELECT count(*) > 0
FROM ledger.reports r
JOIN ledger.loads l USING (report_id)
WHERE NOT r.synthetic AND l.outcome IN ('aceptado', 'parcial');
