-- Purpose: forget the stored content of a reference table. Key: tabla.
DELETE FROM ledger.reference WHERE tabla = ?;
