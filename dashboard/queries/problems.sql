-- Purpose: how often each rule was broken in each load.
-- Grain: one row per load and rule. Key: carga, regla.
SELECT carga, regla, severidad, veces
FROM problema
ORDER BY carga, regla;
