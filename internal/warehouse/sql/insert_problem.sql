-- Purpose: one broken rule of one load. Key: load_id, problem_no.
INSERT INTO ledger.problems VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);
