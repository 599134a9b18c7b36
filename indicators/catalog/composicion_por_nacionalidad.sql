-- Purpose: share of each nacionalidad in the published total of the same period, all
-- parts of a period from the first dataset that has any.
-- Grain: one row per period and nacionalidad. Keys: periodo_inicio, periodo_fin, nacionalidad.
WITH partes AS (
    SELECT * FROM eventos_por_dimension WHERE dimension = 'nacionalidad' AND codigo IS NOT NULL
),
elegidas AS (
    SELECT * FROM partes
    QUALIFY orden = min(orden) OVER (PARTITION BY periodo_inicio, periodo_fin)
)
SELECT p.periodo_inicio, p.periodo_fin, p.codigo AS nacionalidad, p.eventos AS numerador, t.numerador AS denominador,
       CASE WHEN p.redondeado OR t.estado = 'estimado' THEN 'estimado' ELSE t.estado END AS estado,
       CASE WHEN p.redondeado THEN razon(p.eventos - mitad_del_redondeo(p.eventos), t.numerador) * 100 END AS intervalo_min,
       CASE WHEN p.redondeado THEN razon(p.eventos + mitad_del_redondeo(p.eventos), t.numerador) * 100 END AS intervalo_max,
       CASE WHEN p.nota IS NULL OR p.nota = '' THEN CAST([] AS VARCHAR[]) ELSE [p.nota] END AS notas,
       {falta_para_el_total: CAST(t.numerador - sum(p.eventos) OVER (PARTITION BY p.periodo_inicio, p.periodo_fin) AS BIGINT)} AS atributos,
       [p.reportes, t.reportes] AS reportes,
       greatest(p.publicado_en, t.publicado_en) AS publicado_en,
       CASE WHEN p.publicado_en >= t.publicado_en THEN p.publicado_en_precision ELSE t.publicado_en_precision END AS publicado_en_precision
FROM elegidas p
JOIN eventos_irregulares t ON t.periodo_inicio = p.periodo_inicio AND t.periodo_fin = p.periodo_fin
ORDER BY p.periodo_inicio, p.periodo_fin, p.codigo
