-- Purpose: is there any report of one content? Grain: one row.
SELECT count(*) > 0 FROM ledger.reports WHERE dataset = ? AND sha256 = ?;
