-- Purpose: lines of a load that were set aside. Parameter: load. Grain: one row per
-- line. Key: line.
SELECT DISTINCT line FROM ledger.problems WHERE load_id = ? AND severity = 'fila';
