-- Purpose: counts of a report's ($1) loads from the ledger, where the publication hides
-- them. Grain: one row per load. Key: load_id.
SELECT l.load_id, r.bytes, l.records, l.accepted, l.quarantined, l.skipped, l.physical_lines
FROM ledger.loads l JOIN ledger.reports r USING (report_id)
WHERE l.report_id = $1;
