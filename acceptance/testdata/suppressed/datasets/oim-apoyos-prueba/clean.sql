-- Purpose: support given, by month and entidad. Grain: one row per both. Keys: periodo_inicio, entidad.
SELECT line, mes AS periodo_inicio, last_day(mes) AS periodo_fin, entidad, apoyos, programa, suprimido FROM entrega
