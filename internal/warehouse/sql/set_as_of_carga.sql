-- Purpose: the clock of loading of this connection. Grain and keys: none.
SET VARIABLE as_of_carga = CAST(? AS INTEGER);
