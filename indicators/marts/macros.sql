-- Purpose: the calculations that every indicator's SQL shares: a division that
-- never gives infinity, a sum that has no value when a part has none (a part that the
-- source suppressed is NULL, and what is left is not the total), and half of the place to which a figure was rounded
-- (the largest power of ten that divides it). What is asked of a date
-- is asked without year(), month() and day(): each of these lists the days of eighty
-- years before it looks at one. Grain and keys: none.
CREATE OR REPLACE TEMPORARY MACRO razon(n, d) AS CASE WHEN d = 0 THEN NULL ELSE n / d END;
CREATE OR REPLACE TEMPORARY MACRO suma(x) AS CASE WHEN count(*) = count(x) THEN sum(x) END;
CREATE OR REPLACE TEMPORARY MACRO mitad_del_redondeo(v) AS
    pow(10, length(CAST(CAST(v AS BIGINT) AS VARCHAR)) - length(rtrim(CAST(CAST(v AS BIGINT) AS VARCHAR), '0'))) / 2;
CREATE OR REPLACE TEMPORARY MACRO inicio_del_anio(d) AS CAST(date_trunc('year', d) AS DATE);
CREATE OR REPLACE TEMPORARY MACRO fin_del_anio(d) AS CAST(date_trunc('year', d) + INTERVAL 1 YEAR - INTERVAL 1 DAY AS DATE);
CREATE OR REPLACE TEMPORARY MACRO numero_del_mes(d) AS datediff('month', date_trunc('year', d), d) + 1;
CREATE OR REPLACE TEMPORARY MACRO es_mes(inicio, fin) AS (inicio = date_trunc('month', inicio) AND fin = last_day(inicio));
CREATE OR REPLACE TEMPORARY MACRO es_anio(inicio, fin) AS (inicio = date_trunc('year', inicio) AND fin = fin_del_anio(inicio));
