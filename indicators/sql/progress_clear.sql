-- Purpose: forget how far indicators of a JSON list of ids have been computed. Key: indicador.
DELETE FROM indicators.avance WHERE list_contains(CAST(CAST(CAST(? AS VARCHAR) AS JSON) AS VARCHAR[]), indicador);
