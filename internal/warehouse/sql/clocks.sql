-- Purpose: both clocks of this connection at "now". Grain and keys: none.
SET VARIABLE as_of = DATE '9999-12-31';
SET VARIABLE as_of_carga = 2147483647;
