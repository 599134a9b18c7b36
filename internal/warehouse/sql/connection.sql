-- Purpose: both clocks at "now" on every connection, so that current.* works
-- before anyone sets them. Grain and keys: none.
SET VARIABLE as_of = DATE '9999-12-31';
SET VARIABLE as_of_carga = 2147483647;
SET VARIABLE entrega = 0;
SET VARIABLE reporte = 0;
SET VARIABLE corregidas = CAST([] AS INTEGER[]);
