-- Purpose: one quarantined record. Key: load_id, line.
INSERT INTO ledger.quarantine VALUES (?, ?, ?, ?);
