-- Purpose: record a publication before its file is made; the pointer tells which one
-- counts. Key: publication_id.
INSERT INTO ledger.publications VALUES (?, ?, ?, ?, ?, ?);
