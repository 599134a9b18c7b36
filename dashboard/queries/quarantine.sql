-- Purpose: open quarantined rows by dataset and rule. Grain: one row per dataset
-- and rule, '' for all of them. Key: conjunto, regla.
SELECT conjunto, regla, filas, desde
FROM cuarentena
ORDER BY conjunto, regla;
