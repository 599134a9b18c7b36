-- Purpose: which loads are in force when. A whole load (first, or under another
-- contract) ends the loads of its report before it; a replay only adds; a
-- withdrawal ends them all. Grain: one row per load that holds rows. Key: load_id.
INSERT INTO ledger.vigencias
SELECT l.load_id, l.report_id, l.dataset, l.first_period, l.last_period,
       greatest(r.published_on, o.published_on) AS published_on,
       CASE WHEN o.published_on > r.published_on THEN o.published_precision ELSE r.published_precision END AS published_precision,
       r.source,
       (SELECT min(x.load_id) FROM ledger.loads x
        WHERE x.report_id = l.report_id AND x.load_id > l.load_id
          AND (x.kind = 'retiro' OR (x.kind IN ('inicial', 'recarga') AND x.outcome IN ('aceptado', 'parcial')))) AS hasta
FROM ledger.loads l
JOIN ledger.reports r ON r.report_id = l.report_id
LEFT JOIN ledger.reports o ON o.report_id = r.corrects
WHERE l.outcome IN ('aceptado', 'parcial');
