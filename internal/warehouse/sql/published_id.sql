-- Purpose: which publication a file says it is. Grain: one row.
SELECT id FROM publicacion;
