-- Purpose: the layout that a dataset's rows are stored in from here on. Grain: one
-- row. Key: dataset.
UPDATE ledger.datasets SET raw_layout = $1 WHERE dataset = $2;
