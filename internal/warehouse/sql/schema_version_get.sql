-- Purpose: the newest migration applied, 0 for none. Grain: one row.
SELECT coalesce(max(version), 0) FROM schema_version;
