-- Purpose: the calculations that every indicator's SQL shares: a division that
-- never gives infinity, a sum that has no value when a part has none (a part that the
-- source suppressed is NULL, and what is left is not the total), and half of the place to which a figure was rounded
-- (the largest power of ten that divides it). A figure of less than nine tenths of what
-- another dataset gives for the period is far below it: no published revision of the
-- events took a tenth away. What is asked of a date
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
CREATE OR REPLACE TEMPORARY MACRO muy_por_debajo(cifra, otra) AS cifra < otra * 9 / 10;
CREATE OR REPLACE TEMPORARY MACRO aviso_por_debajo(inicio, fin, cifra, otro, otra) AS
    CASE WHEN muy_por_debajo(cifra, otra) THEN [format(
        'Aviso de conciliación, {}: se usa {:,} por el orden declarado de los conjuntos, y es el {:.1f} % de lo que da {}, {:,}',
        CASE WHEN es_anio(inicio, fin) THEN strftime(inicio, '%Y') WHEN es_mes(inicio, fin) THEN strftime(inicio, '%Y-%m')
             ELSE strftime(inicio, '%Y-%m') || ' a ' || strftime(fin, '%Y-%m') END,
        CAST(cifra AS BIGINT), CAST(100 * cifra / otra AS DOUBLE), otro, CAST(otra AS BIGINT))] ELSE CAST([] AS VARCHAR[]) END;
