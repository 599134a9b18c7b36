-- Purpose: which publication the attached file says it is. Grain: one row.
SELECT id FROM publicacion.publicacion;
