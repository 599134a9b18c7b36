-- Purpose: all broken rules of one load. Grain: one row per broken rule. Key: problem_no.
SELECT r.name, p.line, p.position, p.field, p.value, p.rule, p.severity, p.message, p.expected, p.hint
FROM ledger.problems p
JOIN ledger.loads l USING (load_id)
JOIN ledger.reports r USING (report_id)
WHERE p.load_id = ?
ORDER BY p.problem_no;
