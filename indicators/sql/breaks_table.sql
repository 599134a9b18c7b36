-- Purpose: the declared breaks in method. Grain: one row per indicator and break.
-- Keys: indicador, desde.
CREATE OR REPLACE TEMPORARY TABLE rupturas (indicador VARCHAR, desde DATE);
