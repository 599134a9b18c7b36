-- Purpose: one value of a load that a declared correction replaces. Key: load_id, line, mes, columna.
INSERT INTO ledger.enmiendas VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, CAST(? AS DATE));
