-- Purpose: what each dataset's clean rows were made by. Grain: one row per
-- dataset. Key: dataset.
SELECT dataset, clean_layout FROM ledger.datasets;
