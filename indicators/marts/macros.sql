-- Purpose: the two calculations that every indicator's SQL shares: a division
-- that never gives infinity, and half of the place to which a figure was rounded
-- (the largest power of ten that divides it). Grain and keys: none.
CREATE OR REPLACE TEMPORARY MACRO razon(n, d) AS CASE WHEN d = 0 THEN NULL ELSE n / d END;
CREATE OR REPLACE TEMPORARY MACRO mitad_del_redondeo(v) AS
    pow(10, length(CAST(CAST(v AS BIGINT) AS VARCHAR)) - length(rtrim(CAST(CAST(v AS BIGINT) AS VARCHAR), '0'))) / 2;
