-- Purpose: the layout a dataset is registered with. Grain: at most one row. Key: dataset.
SELECT raw_layout, clean_layout FROM ledger.datasets WHERE dataset = ?;
