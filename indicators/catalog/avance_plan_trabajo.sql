-- Purpose: actions of the annual work plan that are done, over those whose status
-- the institutions have told; what nobody has told is counted apart, never as
-- zero. Cancelled actions are left out.
-- Grain: one row per year and axis (NULL: the whole plan). Keys: periodo_inicio, eje.
WITH acciones AS (
    SELECT *, coalesce(estatus, 'sin_dato') AS situacion FROM current.gttim_plan_trabajo
),
cuentas AS (
    SELECT periodo_inicio, periodo_fin, CAST(eje AS VARCHAR) AS eje, count(*) AS acciones,
           count(*) FILTER (situacion = 'cumplido') AS cumplidas, count(*) FILTER (situacion = 'en_proceso') AS en_proceso,
           count(*) FILTER (situacion = 'pendiente') AS pendientes, count(*) FILTER (situacion = 'cancelado') AS canceladas,
           count(*) FILTER (situacion = 'sin_dato') AS sin_dato, list(DISTINCT report_id) AS reportes,
           max(publicado_en) AS publicado_en, arg_max(publicado_en_precision, publicado_en) AS publicado_en_precision
    FROM acciones
    GROUP BY GROUPING SETS ((periodo_inicio, periodo_fin), (periodo_inicio, periodo_fin, eje))
),
medidas AS (
    SELECT *, cumplidas + en_proceso + pendientes AS informadas, acciones - canceladas AS vigentes FROM cuentas
)
SELECT periodo_inicio, periodo_fin, eje, cumplidas AS numerador, informadas AS denominador,
       CASE WHEN informadas > 0 THEN razon(cumplidas, informadas) * 100 END AS valor,
       CASE WHEN informadas = 0 THEN 'faltante' WHEN sin_dato > 0 THEN 'preliminar' ELSE 'definitivo' END AS estado,
       CASE WHEN informadas > 0 AND sin_dato > 0 THEN razon(cumplidas, vigentes) * 100 END AS intervalo_min,
       CASE WHEN informadas > 0 AND sin_dato > 0 THEN razon(cumplidas + sin_dato, vigentes) * 100 END AS intervalo_max,
       CASE WHEN informadas = 0 AND sin_dato > 0 THEN ['Nadie ha informado el estatus de las acciones: no hay valor, que no es cero.']
            WHEN sin_dato > 0 THEN [format('{} de {} acciones sin estatus informado: el intervalo va de ninguna a todas cumplidas.', sin_dato, vigentes)]
            ELSE CAST([] AS VARCHAR[]) END AS notas,
       {acciones: acciones, cumplidas: cumplidas, en_proceso: en_proceso, pendientes: pendientes, canceladas: canceladas, sin_dato: sin_dato} AS atributos,
       reportes, publicado_en, publicado_en_precision
FROM medidas
ORDER BY periodo_inicio, eje
