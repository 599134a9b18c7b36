-- Purpose: posts counted, dated by the day of the count.
-- Grain: one row per day and entidad. Keys: periodo_inicio, entidad.
SELECT line, fecha AS periodo_inicio, fecha AS periodo_fin, entidad, puestos FROM entrega
