-- Purpose: datasets with warnings about a line that say no period of their own.
-- Grain: one row per dataset.
SELECT DISTINCT v.dataset
FROM ledger.problems p
JOIN ledger.vigencias v USING (load_id)
WHERE p.severity = 'aviso' AND p.line > 0 AND p.period_start IS NULL;
