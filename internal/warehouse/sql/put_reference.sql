-- Purpose: record the stored content of a reference table. Key: tabla.
INSERT INTO ledger.reference VALUES (?, ?);
