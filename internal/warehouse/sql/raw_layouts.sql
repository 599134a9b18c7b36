-- Purpose: the layout that each dataset's rows are stored in. Grain: one row per
-- dataset. Key: dataset.
SELECT dataset, raw_layout FROM ledger.datasets;
