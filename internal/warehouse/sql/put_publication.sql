-- Purpose: record a publication. Key: publication_id.
INSERT INTO ledger.publications VALUES (?, ?, ?, ?, ?, ?);
