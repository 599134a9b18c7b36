-- Purpose: how many quarantined rows there are by dataset, rule and state, and
-- since when the oldest. A row that breaks two rules counts under each.
-- Grain: one row per dataset, rule and state.
SELECT q.dataset, p.rule, q.estado, count(DISTINCT (q.load_id, q.line)), min(q.desde)
FROM ledger.cuarentena q
JOIN ledger.problems p ON p.load_id = q.load_id AND p.line = q.line AND p.severity = 'fila'
GROUP BY ALL
ORDER BY q.dataset, q.estado, p.rule;
