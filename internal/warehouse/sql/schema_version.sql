-- Purpose: which migrations this database has had. Grain: one row per migration. Key: version.
CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL, applied_at TIMESTAMP NOT NULL);
