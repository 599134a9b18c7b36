-- Purpose: broken rules of quarantined rows. Parameters: report (0: all), dataset
-- ('': all), rule ('': all), whether closed rows too.
-- Grain: one row per broken rule. Key: load_id, problem_no.
SELECT q.name, p.line, p.position, p.field, p.value, p.rule, p.severity, p.message, p.expected, p.hint
FROM ledger.problems p
JOIN ledger.cuarentena q ON q.load_id = p.load_id AND q.line = p.line
WHERE p.severity = 'fila' AND ($1 = 0 OR q.report_id = $1) AND ($2 = '' OR q.dataset = $2) AND ($3 = '' OR p.rule = $3)
  AND ($4 OR q.estado = 'abierta')
ORDER BY p.load_id, p.line, p.problem_no;
