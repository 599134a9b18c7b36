-- Purpose: the ledger as it is published, newest load first.
-- Grain: one row per load. Key: carga.
SELECT carga, reporte, conjunto, tipo, resultado, motivo, archivo, sha256, bytes,
       recibido_en, terminado_en, segundos, publicado_en, publicado_precision, publicado_base, fuente,
       registros, aceptados, cuarentena, omitidos, lineas, primer_periodo, ultimo_periodo,
       contrato, version, sintetico, incluido, corrige
FROM carga
ORDER BY carga DESC;
