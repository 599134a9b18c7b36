-- Purpose: the share of each category in the published total of the same period,
-- by every dimension of the events; all parts of a period and dimension come from
-- the first dataset that has any, and their total from that dataset too.
-- falta_para_el_total is what the categories lack (or, below zero, exceed); of
-- overlapping age groups only the widest count in it. A part that was published
-- before its total was revised has no share: the two were never published together.
-- Grain: one row per dimension, code and period.
-- Keys: dimension, codigo, periodo_inicio, periodo_fin.
WITH elegidas AS (
    SELECT * FROM eventos_por_dimension
    WHERE codigo IS NOT NULL
    QUALIFY orden = min(orden) OVER (PARTITION BY dimension, periodo_inicio, periodo_fin)
),
-- Every total that was published of a period, and whether it was another than the
-- one in force; one that differs by its rounding alone was not.
totales AS (
    SELECT p.periodo_inicio, p.periodo_fin, h.publicado_en,
           abs(h.valor - p.valor) > greatest(CASE WHEN h.redondeado THEN mitad_del_redondeo(h.valor) ELSE 0 END,
                                             CASE WHEN p.redondeado THEN mitad_del_redondeo(p.valor) ELSE 0 END) AS otro
    FROM current.cifras_publicadas p
    JOIN historia.cifras_publicadas h
      ON h.serie = p.serie AND h.dimension = '' AND h.periodo_inicio = p.periodo_inicio AND h.periodo_fin = p.periodo_fin
    WHERE p.serie = 'upmrip_eventos_smi' AND p.dimension = ''
),
-- Since when the total of a period is what it is, of those that were revised.
revisados AS (
    SELECT periodo_inicio, periodo_fin, min(publicado_en) AS desde
    FROM (SELECT *, max(CASE WHEN otro THEN publicado_en END) OVER (PARTITION BY periodo_inicio, periodo_fin) AS ultimo_otro FROM totales)
    WHERE NOT otro AND publicado_en >= ultimo_otro
    GROUP BY periodo_inicio, periodo_fin
),
grupos AS (
    SELECT dimension, periodo_inicio, periodo_fin, bool_or(dimension = 'grupo_edad' AND codigo = '0-17') AS con_el_ancho
    FROM elegidas GROUP BY ALL
),
medidas AS (
    SELECT e.*, coalesce(e.publicado_en < r.desde, false) AS anterior,
           CASE WHEN g.con_el_ancho AND e.codigo IN ('0-11', '12-17') THEN 0 WHEN NOT anterior THEN e.eventos END AS sumable
    FROM elegidas e
    JOIN grupos g USING (dimension, periodo_inicio, periodo_fin)
    LEFT JOIN revisados r ON e.orden = 9 AND r.periodo_inicio = e.periodo_inicio AND r.periodo_fin = e.periodo_fin
),
sumas AS (
    SELECT dimension, periodo_inicio, periodo_fin, suma(sumable) AS de_las_partes FROM medidas GROUP BY ALL
)
SELECT p.dimension, p.codigo, p.periodo_inicio, p.periodo_fin, p.eventos AS numerador, CASE WHEN NOT p.anterior THEN t.numerador END AS denominador,
       CASE WHEN p.anterior THEN 'faltante' WHEN p.redondeado OR t.estado = 'estimado' THEN 'estimado' ELSE t.estado END AS estado,
       CASE WHEN p.redondeado THEN razon(p.eventos - mitad_del_redondeo(p.eventos), denominador) * 100 END AS intervalo_min,
       CASE WHEN p.redondeado THEN razon(p.eventos + mitad_del_redondeo(p.eventos), denominador) * 100 END AS intervalo_max,
       list_filter([p.nota,
           CASE WHEN p.anterior
                THEN 'Sin participación: la parte se publicó antes de que se revisara el total, y nunca se publicaron juntos.' END],
           lambda n: n <> '') AS notas,
       {falta_para_el_total: CAST(denominador - s.de_las_partes AS BIGINT)} AS atributos,
       [p.reportes, t.reportes] AS reportes,
       greatest(p.publicado_en, t.publicado_en) AS publicado_en,
       CASE WHEN p.publicado_en >= t.publicado_en THEN p.publicado_en_precision ELSE t.publicado_en_precision END AS publicado_en_precision
FROM medidas p
JOIN sumas s USING (dimension, periodo_inicio, periodo_fin)
JOIN eventos_por_conjunto t ON t.orden = p.orden AND t.periodo_inicio = p.periodo_inicio AND t.periodo_fin = p.periodo_fin
