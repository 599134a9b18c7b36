-- Purpose: rows that say nothing. Grain: one row per offence.

-- check: sin_victimas
SELECT line AS linea, 'victimas' AS columna, '0' AS valor, 'folio ' || folio || ' sin víctimas' AS mensaje FROM entrega WHERE victimas = 0;
