-- Purpose: cases by month and kind. Grain: one row per both. Keys: periodo_inicio, tipo.
SELECT line, make_date(anio, mes, 1) AS periodo_inicio, last_day(make_date(anio, mes, 1)) AS periodo_fin, tipo, casos, suprimido FROM entrega
