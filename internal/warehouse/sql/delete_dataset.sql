-- Purpose: forget a dataset's layout before recording the new one. Key: dataset.
DELETE FROM ledger.datasets WHERE dataset = ?;
