-- Purpose: what was said of the judicialization table beside what its reports
-- give. Grain: one row per claim,
-- of any day: pages show those of their day and before. Key: afirmacion.
SELECT a.afirmacion, a.texto, a.institucion, a.donde, a.fecha, a.url, a.componente, CAST(a.valor AS DOUBLE) AS valor_dicho,
       CAST(a.periodo_inicio AS DATE) AS periodo_inicio, CAST(a.periodo_fin AS DATE) AS periodo_fin,
       CASE a.componente WHEN 'denominador' THEN v.denominador WHEN 'numerador' THEN v.numerador
                         ELSE razon(v.numerador, v.denominador) END AS valor_calculado,
       v.reportes, a.nota
FROM reference.afirmaciones a
LEFT JOIN acuerdos_por_reunion v ON v.periodo_inicio = CAST(a.periodo_inicio AS DATE)
WHERE a.indicador = 'acuerdos_por_reunion'
ORDER BY a.fecha, a.afirmacion
