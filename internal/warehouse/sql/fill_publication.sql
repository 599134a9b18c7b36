-- Purpose: what this publication is. Grain: one row.
INSERT INTO publicacion.publicacion VALUES (?, ?, ?, ?, ?);
