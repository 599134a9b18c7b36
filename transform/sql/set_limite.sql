-- Purpose: the declared limit of the check that runs next. Grain and keys: none.
SET VARIABLE limite = CAST(? AS DOUBLE);
