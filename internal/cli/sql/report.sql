-- Purpose: one report ($1) and its loads, as published, with the reports that correct it.
-- Grain: one row per load. Key: carga.
WITH correcciones AS (
    SELECT reporte, coalesce(arg_max(resultado, carga) FILTER (WHERE resultado <> 'rechazado'), 'rechazado') AS resultado
    FROM carga
    WHERE corrige = $1
    GROUP BY reporte
),
fines AS ( -- a withdrawal, or another load of the whole report
    SELECT carga AS por, resultado = 'retirado' AS retiro FROM carga
    WHERE reporte = $1 AND resultado <> 'rechazado' AND tipo <> 'repeticion'
)
SELECT carga, reporte, conjunto, tipo, resultado, motivo, archivo, sha256, bytes, recibido_en, terminado_en,
       publicado_en, publicado_precision, publicado_base, fuente, registros, aceptados, cuarentena, omitidos, lineas,
       primer_periodo, ultimo_periodo, contrato, version, sintetico, incluido, coalesce(corrige, 0) AS corrige,
       coalesce((SELECT string_agg(CASE WHEN resultado IN ('aceptado', 'parcial') THEN CAST(reporte AS VARCHAR) ELSE reporte || ' (' || resultado || ')' END, ', ' ORDER BY reporte)
                 FROM correcciones), '') AS corregido_por,
       coalesce((SELECT arg_min(CASE WHEN retiro THEN 'reporte retirado en la carga ' ELSE 'cargado otra vez, completo, en la carga ' END || por, por) FROM fines WHERE por > carga), '') AS fin
FROM carga
WHERE reporte = $1
ORDER BY carga;
