-- Purpose: what views of delivered rows read on every connection, so that they work
-- before anyone says which load is meant. Grain and keys: none.
SET VARIABLE entrega = 0;
SET VARIABLE reporte = 0;
SET VARIABLE corregidas = CAST([] AS INTEGER[]);
