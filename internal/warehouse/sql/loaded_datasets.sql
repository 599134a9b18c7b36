-- Purpose: datasets of which any load holds rows. Grain: one row per dataset.
SELECT DISTINCT dataset FROM ledger.vigencias;
