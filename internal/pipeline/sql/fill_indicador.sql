-- Purpose: one indicator's declaration. Key: id.
INSERT INTO publicacion.indicador VALUES (?, ?, ?);
