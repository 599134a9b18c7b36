-- Purpose: what each load's figures must be read with.
-- Grain: one row per load, rule, period and text.
SELECT carga, regla, texto, veces
FROM aviso
ORDER BY carga, regla, periodo_inicio, texto;
