-- Purpose: the declared indicators in the order in which they are shown.
-- Grain: one row per indicator. Key: id.
SELECT id, declaracion
FROM indicador
ORDER BY orden, id;
