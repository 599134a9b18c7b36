-- Purpose: loads of some datasets that can change figures, after one load.
-- Grain: one row per load. Key: load_id.
SELECT load_id FROM ledger.loads
WHERE load_id > ? AND outcome IN ('aceptado', 'parcial', 'retirado')
  AND list_contains(CAST(CAST(? AS JSON) AS VARCHAR[]), dataset)
ORDER BY load_id;
