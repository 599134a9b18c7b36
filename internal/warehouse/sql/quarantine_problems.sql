-- Purpose: broken rules of quarantined rows, of one report or (0) of all.
-- Grain: one row per broken rule. Key: load_id, problem_no.
SELECT r.name, p.line, p.position, p.field, p.value, p.rule, p.severity, p.message, p.expected, p.hint
FROM ledger.problems p
JOIN ledger.loads l USING (load_id)
JOIN ledger.reports r USING (report_id)
WHERE p.severity = 'fila' AND l.outcome IN ('aceptado', 'parcial')
  AND r.report_id = coalesce(nullif(CAST(? AS INTEGER), 0), r.report_id)
ORDER BY p.load_id, p.line, p.problem_no;
