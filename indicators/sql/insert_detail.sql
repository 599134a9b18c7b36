-- Purpose: one detail line. Grain: one row.
INSERT INTO indicators.detalles VALUES (?, ?, ?, ?, ?, ?, ?, NULL);
