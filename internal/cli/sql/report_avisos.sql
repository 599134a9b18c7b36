-- Purpose: what the figures of one report must be read with, as published.
-- Grain: one row per load, rule, period and text.
SELECT carga, regla, texto, veces FROM aviso WHERE reporte = ? ORDER BY carga, regla, periodo_inicio, texto;
