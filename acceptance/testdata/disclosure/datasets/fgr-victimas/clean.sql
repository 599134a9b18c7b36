-- Purpose: victims by year, state and sex. Grain: one row per row delivered. Keys: line.
SELECT line, make_date(anio, 1, 1) AS periodo_inicio, make_date(anio, 12, 31) AS periodo_fin, entidad, sexo, victimas
FROM entrega
