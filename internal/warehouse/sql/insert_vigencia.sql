-- Purpose: a report's first load, in force from here on. Key: load_id.
INSERT INTO ledger.vigencias VALUES (?, ?, ?, ?, ?, ?, ?, ?, NULL);
