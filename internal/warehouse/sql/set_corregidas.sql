-- Purpose: which earlier loads `entrega` takes rows from. Grain and keys: none.
SET VARIABLE corregidas = CAST(CAST(? AS JSON) AS INTEGER[]);
