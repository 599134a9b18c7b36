-- Purpose: which earlier loads `entrega` takes rows from. Grain and keys: none.
SET VARIABLE corregidas = CAST(CAST(CAST(? AS VARCHAR) AS JSON) AS INTEGER[]);
