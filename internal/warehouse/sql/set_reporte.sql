-- Purpose: which report is loading on this connection. Grain and keys: none.
SET VARIABLE reporte = CAST(? AS INTEGER);
