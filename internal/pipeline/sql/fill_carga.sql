-- Purpose: every load, refused and withdrawn ones included; without counts where they
-- are protected (of a JSON list of datasets). Grain: one row per load. Key: carga.
INSERT INTO publicacion.carga BY NAME
WITH protegidos AS (SELECT CAST(CAST(CAST(? AS VARCHAR) AS JSON) AS VARCHAR[]) AS ids)
SELECT l.load_id AS carga, r.report_id AS reporte, r.dataset AS conjunto, l.kind AS tipo, l.outcome AS resultado,
       l.reason AS motivo, r.name AS archivo, r.sha256, CASE WHEN NOT list_contains(ids, l.dataset) THEN r.bytes END AS bytes, r.arrived_at AS recibido_en,
       l.finished_at AS terminado_en, epoch(l.finished_at - l.started_at) AS segundos,
       r.published_on AS publicado_en, r.published_precision AS publicado_precision,
       r.published_basis AS publicado_base, r.source AS fuente,
       CASE WHEN NOT list_contains(ids, l.dataset) THEN l.records END AS registros, CASE WHEN NOT list_contains(ids, l.dataset) THEN l.accepted END AS aceptados, CASE WHEN NOT list_contains(ids, l.dataset) THEN l.quarantined END AS cuarentena, CASE WHEN NOT list_contains(ids, l.dataset) THEN l.skipped END AS omitidos,
       CASE WHEN NOT list_contains(ids, l.dataset) THEN l.physical_lines END AS lineas, l.first_period AS primer_periodo, l.last_period AS ultimo_periodo,
       l.contract_hash AS contrato, l.binary_version AS version, r.synthetic AS sintetico, r.shipped AS incluido,
       r.corrects AS corrige
FROM ledger.loads l
JOIN ledger.reports r USING (report_id)
CROSS JOIN protegidos
ORDER BY l.load_id;
