-- Purpose: how many loads of one dataset a declared correction changes. Grain: one row.
SELECT count(DISTINCT e.load_id)
FROM ledger.enmiendas e
JOIN ledger.loads l ON l.load_id = e.load_id
WHERE l.dataset = $1 AND e.correccion = $2;
