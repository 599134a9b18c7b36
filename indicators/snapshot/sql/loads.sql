-- Purpose: when each load comes into force and ends on the clock of loading, and the
-- day it was published. Grain: one row per load that holds rows. Key: load_id.
SELECT load_id, dataset, published_on, hasta FROM ledger.vigencias ORDER BY load_id;
