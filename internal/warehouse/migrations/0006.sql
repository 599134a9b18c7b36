-- Purpose: what became of quarantined rows, by what is in force: the correction that
-- closed a row does so as long as it is not withdrawn, and closes the same line of
-- every load of its report, whose bytes are the same.
-- Grain and keys: as before, one row per load and line.
CREATE OR REPLACE VIEW ledger.cuarentena AS
WITH corregidas AS (
    SELECT a.report_id, c.line, max(c.corregida_por) AS por
    FROM ledger.correcciones c
    JOIN ledger.loads a ON a.load_id = c.load_id
    JOIN ledger.loads b ON b.load_id = c.corregida_por
    WHERE EXISTS (SELECT 1 FROM ledger.vigencias v WHERE v.report_id = b.report_id AND v.hasta IS NULL)
    GROUP BY a.report_id, c.line
),
sucesoras AS (
    SELECT a.load_id, min(b.load_id) AS por
    FROM ledger.loads a
    JOIN ledger.loads b ON b.report_id = a.report_id AND b.load_id > a.load_id
                       AND b.kind IN ('repeticion', 'recarga') AND b.outcome IN ('aceptado', 'parcial')
    GROUP BY a.load_id
),
mayores AS (
    SELECT v.load_id, min(w.load_id) AS por
    FROM ledger.vigencias v
    JOIN ledger.reports r ON r.report_id = v.report_id
    JOIN ledger.vigencias w ON w.dataset = v.dataset AND w.hasta IS NULL AND w.report_id <> v.report_id
                           AND (w.published_on, w.report_id) > (v.published_on, v.report_id)
    JOIN ledger.reports o ON o.report_id = w.report_id AND o.corrects IS NULL
    WHERE CASE json_extract_string(getvariable('politicas'), '$."' || v.dataset || '"')
               WHEN 'instantanea' THEN true
               WHEN 'reemplaza_periodos' THEN w.first_period <= v.first_period AND w.last_period >= v.last_period
               ELSE false END
    GROUP BY v.load_id
)
SELECT q.load_id, q.line, q.lines, q.content, l.report_id, l.dataset, r.name, l.finished_at AS desde,
       CASE WHEN c.por IS NOT NULL THEN 'corregida'
            WHEN s.load_id IS NOT NULL THEN 'repetida'
            WHEN v.hasta IS NOT NULL THEN 'retirada'
            WHEN m.load_id IS NOT NULL THEN 'sustituida'
            ELSE 'abierta' END AS estado,
       coalesce(c.por, s.por, v.hasta, m.por) AS por
FROM ledger.quarantine q
JOIN ledger.loads l ON l.load_id = q.load_id
JOIN ledger.reports r ON r.report_id = l.report_id
LEFT JOIN ledger.vigencias v ON v.load_id = q.load_id
LEFT JOIN corregidas c ON c.report_id = l.report_id AND c.line = q.line
LEFT JOIN sucesoras s ON s.load_id = q.load_id
LEFT JOIN mayores m ON m.load_id = q.load_id
WHERE l.outcome IN ('aceptado', 'parcial');
