-- Purpose: agreements of the working group fulfilled by their due day, over those
-- whose status has been told; those of which nothing was told, and those fulfilled
-- on a day not told, are counted apart. Cancelled agreements are left out.
-- Grain: one row per year of the due day and session (NULL: all). Keys: periodo_inicio, sesion.
WITH acuerdos AS (
    SELECT *, coalesce(estatus, 'sin_dato') AS situacion,
           inicio_del_anio(fecha_compromiso) AS inicio, fin_del_anio(fecha_compromiso) AS fin
    FROM current.gttim_acuerdos
    WHERE fecha_compromiso IS NOT NULL
),
cuentas AS (
    SELECT inicio AS periodo_inicio, fin AS periodo_fin, sesion, count(*) AS acuerdos,
           count(*) FILTER (situacion = 'cumplido' AND fecha_cumplimiento <= fecha_compromiso) AS en_tiempo,
           count(*) FILTER (situacion = 'cumplido' AND fecha_cumplimiento > fecha_compromiso) AS tarde,
           count(*) FILTER (situacion = 'cumplido' AND fecha_cumplimiento IS NULL) AS sin_fecha,
           count(*) FILTER (situacion IN ('en_proceso', 'pendiente')) AS abiertos,
           count(*) FILTER (situacion = 'cancelado') AS cancelados, count(*) FILTER (situacion = 'sin_dato') AS sin_dato,
           list(DISTINCT report_id) AS reportes, max(publicado_en) AS publicado_en,
           arg_max(publicado_en_precision, publicado_en) AS publicado_en_precision
    FROM acuerdos
    GROUP BY GROUPING SETS ((inicio, fin), (inicio, fin, sesion))
),
medidas AS (
    SELECT *, en_tiempo + tarde + abiertos AS informados, sin_fecha + sin_dato AS desconocidos FROM cuentas
)
SELECT periodo_inicio, periodo_fin, sesion, en_tiempo AS numerador, informados AS denominador,
       CASE WHEN informados > 0 THEN razon(en_tiempo, informados) * 100 END AS valor,
       CASE WHEN informados = 0 THEN 'faltante' WHEN desconocidos > 0 THEN 'preliminar' ELSE 'definitivo' END AS estado,
       CASE WHEN informados > 0 AND desconocidos > 0 THEN razon(en_tiempo, informados + desconocidos) * 100 END AS intervalo_min,
       CASE WHEN informados > 0 AND desconocidos > 0 THEN razon(en_tiempo + desconocidos, informados + desconocidos) * 100 END AS intervalo_max,
       CASE WHEN informados = 0 AND desconocidos > 0 THEN ['Nadie ha informado el estatus de los acuerdos: no hay valor, que no es cero.']
            WHEN desconocidos > 0 THEN [format('De {} acuerdos no se sabe si se cumplieron en tiempo: el intervalo va de ninguno a todos.', desconocidos)]
            ELSE CAST([] AS VARCHAR[]) END AS notas,
       {acuerdos: acuerdos, en_tiempo: en_tiempo, tarde: tarde, abiertos: abiertos, cancelados: cancelados, sin_fecha: sin_fecha, sin_dato: sin_dato} AS atributos,
       reportes, publicado_en, publicado_en_precision
FROM medidas
ORDER BY periodo_inicio, sesion
