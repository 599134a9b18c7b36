-- Purpose: every value on both clocks, its notes followed by the warnings that
-- are about its period, of the loads of its reports that were in force at the end
-- of its rectangle. Warnings of one rule and report come as one note.
-- Protected indicators (a JSON list of ids) are left out: disclosure control decides
-- over them. Values are told apart by what warnings hang on, not by the number of their
-- row: the warehouse is checkpointed meanwhile, which may number rows anew between two
-- looks at them.
-- Grain: one row per indicator, period, dimensions and rectangle.
INSERT INTO publicacion.valor BY NAME
WITH leidos AS (
    SELECT DISTINCT reportes, periodo_inicio, periodo_fin, carga_hasta
    FROM indicators.valores
    WHERE EXISTS (SELECT 1 FROM publicacion.aviso)
),
avisados AS (
    SELECT v.reportes, v.periodo_inicio, v.periodo_fin, v.carga_hasta,
           a.reporte, a.regla, sum(a.veces) AS veces, any_value(a.texto) AS texto, any_value(a.regla_texto) AS regla_texto
    FROM (SELECT *, unnest(CAST(CAST(reportes AS JSON) AS INTEGER[])) AS reporte FROM leidos) v
    JOIN publicacion.aviso a
      ON a.reporte = v.reporte
     AND a.carga < coalesce(v.carga_hasta, 2147483647)
     AND coalesce(a.carga_hasta, 2147483647) >= coalesce(v.carga_hasta, 2147483647)
     AND coalesce(a.periodo_inicio <= v.periodo_fin AND a.periodo_fin >= v.periodo_inicio, true)
    GROUP BY ALL
),
anotados AS (
    SELECT reportes, periodo_inicio, periodo_fin, carga_hasta,
           list('Aviso ' || regla || ', reporte ' || CAST(reporte AS VARCHAR) || ': '
                || CASE WHEN veces = 1 THEN texto ELSE regla_texto || ' (' || CAST(veces AS VARCHAR) || ' casos)' END
                ORDER BY reporte, regla) AS avisos
    FROM avisados
    GROUP BY ALL
)
SELECT v.* EXCLUDE (contenido) REPLACE (
    CASE WHEN n.avisos IS NULL THEN v.notas
         ELSE CAST(to_json(list_concat(CAST(CAST(v.notas AS JSON) AS VARCHAR[]), n.avisos)) AS VARCHAR) END AS notas)
FROM indicators.valores v
LEFT JOIN anotados n
  ON n.reportes = v.reportes AND n.periodo_inicio = v.periodo_inicio AND n.periodo_fin = v.periodo_fin
 AND n.carga_hasta IS NOT DISTINCT FROM v.carga_hasta
WHERE NOT list_contains(CAST(CAST(CAST(? AS VARCHAR) AS JSON) AS VARCHAR[]), v.indicador)
ORDER BY indicador, periodo_inicio, periodo_fin, dimensiones, as_of_desde;
