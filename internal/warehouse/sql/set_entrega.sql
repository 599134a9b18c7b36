-- Purpose: which load `entrega` shows on this connection. Grain and keys: none.
SET VARIABLE entrega = CAST(? AS INTEGER);
