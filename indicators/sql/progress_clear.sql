-- Purpose: forget how far an indicator has been computed. Key: indicador.
DELETE FROM indicators.avance WHERE indicador = ?;
