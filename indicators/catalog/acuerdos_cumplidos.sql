-- Purpose: fulfilled agreements over agreements at each cut-off.
-- Grain: one row per cut-off date. Key: periodo_inicio (= periodo_fin).
SELECT periodo_inicio, periodo_fin, acuerdos_cumplidos AS numerador, acuerdos AS denominador,
       {reuniones: reuniones, pendientes: acuerdos - acuerdos_cumplidos} AS atributos,
       [report_id] AS reportes, publicado_en, publicado_en_precision
FROM current.sspc_mesa_resumen
ORDER BY periodo_inicio
