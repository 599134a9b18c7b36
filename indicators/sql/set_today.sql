-- Purpose: the day as of which deadlines are judged. Grain and keys: none.
SET VARIABLE hoy = CAST(? AS DATE);
