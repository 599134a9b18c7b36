-- Purpose: prove that the published file can still be read.
-- Grain: one row.
SELECT id FROM publicacion;
