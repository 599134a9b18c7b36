-- Purpose: the calculations that every indicator's SQL shares: a division that
-- never gives infinity, a sum that has no value when a part has none (a part that the
-- source suppressed is NULL, and what is left is not the total), and half of the place to which a figure was rounded
-- (the largest power of ten that divides it). Grain and keys: none.
CREATE OR REPLACE TEMPORARY MACRO razon(n, d) AS CASE WHEN d = 0 THEN NULL ELSE n / d END;
CREATE OR REPLACE TEMPORARY MACRO suma(x) AS CASE WHEN count(*) = count(x) THEN sum(x) END;
CREATE OR REPLACE TEMPORARY MACRO mitad_del_redondeo(v) AS
    pow(10, length(CAST(CAST(v AS BIGINT) AS VARCHAR)) - length(rtrim(CAST(CAST(v AS BIGINT) AS VARCHAR), '0'))) / 2;
