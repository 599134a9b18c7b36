-- Purpose: how far an indicator has been computed. Grain: at most one row. Key: indicador.
SELECT hash, ultima_carga, dia FROM indicators.avance WHERE indicador = ?;
