-- Purpose: loads that can change figures. Grain: one row per load. Key: load_id.
SELECT load_id, dataset FROM ledger.loads
WHERE outcome IN ('aceptado', 'parcial', 'retirado')
ORDER BY load_id;
