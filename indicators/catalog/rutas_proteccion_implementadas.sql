-- Purpose: local protection routes in operation over those whose status has been
-- told, at the day of the newest status; states without one are counted apart.
-- Grain: one row per cut-off and state (NULL: all). Keys: periodo_inicio, entidad.
WITH rutas AS (
    SELECT *, coalesce(estatus, 'sin_dato') AS situacion, max(fecha) OVER () AS corte FROM current.oim_rutas_proteccion
),
cuentas AS (
    SELECT corte, entidad, count(*) AS rutas, count(*) FILTER (situacion = 'implementada') AS implementadas,
           count(*) FILTER (situacion = 'en_proceso') AS en_proceso, count(*) FILTER (situacion = 'planeada') AS planeadas,
           count(*) FILTER (situacion = 'suspendida') AS suspendidas, count(*) FILTER (situacion = 'sin_dato') AS sin_dato,
           list(DISTINCT report_id) AS reportes, max(publicado_en) AS publicado_en,
           arg_max(publicado_en_precision, publicado_en) AS publicado_en_precision
    FROM rutas
    GROUP BY GROUPING SETS ((corte), (corte, entidad))
)
SELECT corte AS periodo_inicio, corte AS periodo_fin, entidad, implementadas AS numerador, rutas - sin_dato AS denominador,
       CASE WHEN rutas > sin_dato THEN razon(implementadas, rutas - sin_dato) * 100 END AS valor,
       CASE WHEN rutas = sin_dato THEN 'faltante' WHEN sin_dato > 0 THEN 'preliminar' ELSE 'definitivo' END AS estado,
       CASE WHEN rutas > sin_dato AND sin_dato > 0 THEN razon(implementadas, rutas) * 100 END AS intervalo_min,
       CASE WHEN rutas > sin_dato AND sin_dato > 0 THEN razon(implementadas + sin_dato, rutas) * 100 END AS intervalo_max,
       CASE WHEN rutas = sin_dato THEN ['No se ha informado si la ruta está en operación: no hay valor, que no es cero.']
            WHEN sin_dato > 0 THEN [format('De {} de {} rutas no se sabe si están en operación: el intervalo va de ninguna a todas.', sin_dato, rutas)]
            ELSE CAST([] AS VARCHAR[]) END AS notas,
       {rutas: rutas, implementadas: implementadas, en_proceso: en_proceso, planeadas: planeadas, suspendidas: suspendidas, sin_dato: sin_dato} AS atributos,
       reportes, publicado_en, publicado_en_precision
FROM cuentas
ORDER BY entidad
