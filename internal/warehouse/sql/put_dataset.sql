-- Purpose: record a dataset's layout. Key: dataset.
INSERT INTO ledger.datasets VALUES (?, ?, ?, ?);
