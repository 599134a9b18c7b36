-- Purpose: the declared datasets, loaded or not.
-- Grain: one row per dataset. Key: id.
SELECT id, institucion, productor, contacto, clase, catalogo, cadencia, fuente, licencia, primer_periodo, ultimo_periodo, filas
FROM conjunto
ORDER BY id;
