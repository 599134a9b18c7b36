-- Purpose: the warnings of loads that hold rows, under the rules given (a JSON
-- list: dataset, rule, its text, whether only that text may be shown).
-- Grain: one row per load, rule, period and text. Key: those.
INSERT INTO publicacion.aviso BY NAME
WITH reglas AS (
    SELECT r->>'conjunto' AS conjunto, r->>'regla' AS regla, r->>'texto' AS texto, CAST(r->>'solo_texto' AS BOOLEAN) AS solo_texto
    FROM (SELECT unnest(CAST(CAST(CAST(? AS VARCHAR) AS JSON) AS JSON[])) AS r)
)
SELECT v.load_id AS carga, v.report_id AS reporte, v.dataset AS conjunto, p.rule AS regla, r.texto AS regla_texto,
       CASE WHEN r.solo_texto THEN r.texto ELSE p.message END AS texto,
       coalesce(p.period_start, f.desde) AS periodo_inicio, coalesce(p.period_end, f.hasta) AS periodo_fin, count(*) AS veces,
       v.hasta AS carga_hasta
FROM ledger.problems p
JOIN ledger.vigencias v ON v.load_id = p.load_id
JOIN reglas r ON r.conjunto = v.dataset AND r.regla = p.rule
LEFT JOIN aviso_fechado f ON f.load_id = p.load_id AND f.problem_no = p.problem_no
WHERE p.severity = 'aviso'
GROUP BY ALL
ORDER BY ALL;
