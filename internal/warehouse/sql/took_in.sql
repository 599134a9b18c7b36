-- Purpose: was anything of a report ever taken in? Grain: one row.
SELECT count(*) > 0 FROM ledger.loads WHERE report_id = ? AND outcome IN ('aceptado', 'parcial');
