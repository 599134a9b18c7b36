-- Purpose: the content of a reference table as stored. Grain: at most one row. Key: tabla.
SELECT hash FROM ledger.reference WHERE tabla = ?;
