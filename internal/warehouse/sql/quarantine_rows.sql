-- Purpose: quarantined records as delivered, with their state. Parameters: report
-- (0: all), dataset ('': all), rule ('': all), whether closed ones too.
-- Grain: one row per record. Key: load_id, line.
SELECT q.load_id, q.report_id, q.dataset, q.name, q.line, q.lines, q.content, q.estado, coalesce(q.por, 0), q.desde
FROM ledger.cuarentena q
WHERE ($1 = 0 OR q.report_id = $1) AND ($2 = '' OR q.dataset = $2)
  AND ($3 = '' OR EXISTS (SELECT 1 FROM ledger.problems p WHERE p.load_id = q.load_id AND p.line = q.line AND p.rule = $3 AND p.severity = 'fila'))
  AND ($4 OR q.estado = 'abierta')
ORDER BY q.load_id, q.line;
