-- Purpose: the clock of publication of this connection. Grain and keys: none.
SET VARIABLE as_of = CAST(? AS DATE);
