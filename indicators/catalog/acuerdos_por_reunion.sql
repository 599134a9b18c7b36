-- Purpose: agreements over meetings at each cut-off.
-- Grain: one row per cut-off date. Key: periodo_inicio (= periodo_fin).
SELECT periodo_inicio, periodo_fin, acuerdos AS numerador, reuniones AS denominador,
       [report_id] AS reportes, publicado_en, publicado_en_precision
FROM current.sspc_mesa_resumen
ORDER BY periodo_inicio
