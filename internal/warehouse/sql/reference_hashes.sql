-- Purpose: the content of all reference tables as stored. Grain: one row per
-- table. Key: tabla.
SELECT tabla, hash FROM ledger.reference;
