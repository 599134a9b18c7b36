-- Purpose: the declared breaks in method (JSON list of [indicador, desde]). Grain:
-- one row per indicator and break. Keys: indicador, desde.
CREATE OR REPLACE TEMPORARY TABLE rupturas AS
SELECT x[1] AS indicador, CAST(x[2] AS DATE) AS desde
FROM (SELECT unnest(CAST(CAST(CAST(? AS VARCHAR) AS JSON) AS VARCHAR[][])) AS x) declaradas;
