-- Purpose: loads of one dataset that hold raw rows. Grain: one row per load. Key: load_id.
SELECT load_id FROM ledger.loads
WHERE dataset = ? AND outcome IN ('aceptado', 'parcial')
ORDER BY load_id;
