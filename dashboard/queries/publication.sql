-- Purpose: which publication this file is.
-- Grain: one row.
SELECT id, publicado_en, dia, ultima_carga, version
FROM publicacion;
