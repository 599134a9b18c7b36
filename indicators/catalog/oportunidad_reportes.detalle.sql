-- Purpose: what is overdue: periods past their deadline that no delivery covers,
-- and those that came late. How many days follow from vence and the day of reading.
-- Grain: one row per dataset and period. Keys: conjunto, periodo_inicio.
SELECT conjunto, institucion, periodo_inicio, periodo_fin, vence, entregado, report_id,
       CASE WHEN entregado IS NULL THEN 'atrasado' ELSE 'tarde' END AS situacion,
       CASE WHEN entregado IS NOT NULL THEN datediff('day', vence, entregado) END AS dias_tarde
FROM plazos_de_entrega
WHERE NOT en_tiempo
ORDER BY periodo_fin DESC, conjunto
