-- Purpose: record by which declarations a dataset's clean rows are made. Key: dataset.
UPDATE ledger.datasets SET clean_layout = ? WHERE dataset = ?;
