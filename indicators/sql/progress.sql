-- Purpose: how far each indicator has been computed. Grain: one row per indicator. Key: indicador.
SELECT indicador, hash, ultima_carga, dia FROM indicators.avance;
