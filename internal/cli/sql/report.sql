-- Purpose: one report and its loads, as published. Grain: one row per load. Key: carga.
SELECT carga, reporte, conjunto, tipo, resultado, motivo, archivo, sha256, bytes, recibido_en, terminado_en,
       publicado_en, publicado_precision, publicado_base, fuente, registros, aceptados, cuarentena, omitidos, lineas,
       primer_periodo, ultimo_periodo, contrato, version, sintetico, incluido
FROM carga
WHERE reporte = ?
ORDER BY carga;
