-- Purpose: every load, refused and withdrawn ones included. Grain: one row per load. Key: carga.
INSERT INTO publicacion.carga BY NAME
SELECT l.load_id AS carga, r.report_id AS reporte, r.dataset AS conjunto, l.kind AS tipo, l.outcome AS resultado,
       l.reason AS motivo, r.name AS archivo, r.sha256, r.bytes, r.arrived_at AS recibido_en,
       l.finished_at AS terminado_en, epoch(l.finished_at - l.started_at) AS segundos,
       r.published_on AS publicado_en, r.published_precision AS publicado_precision,
       r.published_basis AS publicado_base, r.source AS fuente,
       l.records AS registros, l.accepted AS aceptados, l.quarantined AS cuarentena, l.skipped AS omitidos,
       l.physical_lines AS lineas, l.first_period AS primer_periodo, l.last_period AS ultimo_periodo,
       l.contract_hash AS contrato, l.binary_version AS version, r.synthetic AS sintetico, r.shipped AS incluido
FROM ledger.loads l
JOIN ledger.reports r USING (report_id)
ORDER BY l.load_id;
