-- Purpose: record one migration. Key: version.
INSERT INTO schema_version VALUES (?, ?);
