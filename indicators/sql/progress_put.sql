-- Purpose: record how far an indicator has been computed. Key: indicador.
INSERT INTO indicators.avance VALUES (?, ?, ?, ?);
