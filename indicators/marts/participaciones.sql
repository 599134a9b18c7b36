-- Purpose: the share of each category in the published total of the same period,
-- by every dimension of the events; all parts of a period and dimension come from
-- the first dataset that has any, and their total from that dataset too.
-- falta_para_el_total is what the categories lack (or, below zero, exceed); of
-- overlapping age groups only the widest count in it. A published part older than
-- its revised total is told in a note.
-- Grain: one row per dimension, code and period.
-- Keys: dimension, codigo, periodo_inicio, periodo_fin.
WITH elegidas AS (
    SELECT * FROM eventos_por_dimension
    WHERE codigo IS NOT NULL
    QUALIFY orden = min(orden) OVER (PARTITION BY dimension, periodo_inicio, periodo_fin)
),
grupos AS (
    SELECT dimension, periodo_inicio, periodo_fin, bool_or(dimension = 'grupo_edad' AND codigo = '0-17') AS con_el_ancho
    FROM elegidas GROUP BY ALL
),
medidas AS (
    SELECT e.*, CASE WHEN g.con_el_ancho AND e.codigo IN ('0-11', '12-17') THEN 0 ELSE e.eventos END AS sumable
    FROM elegidas e JOIN grupos g USING (dimension, periodo_inicio, periodo_fin)
),
sumas AS (
    SELECT dimension, periodo_inicio, periodo_fin, suma(sumable) AS de_las_partes FROM medidas GROUP BY ALL
)
SELECT p.dimension, p.codigo, p.periodo_inicio, p.periodo_fin, p.eventos AS numerador, t.numerador AS denominador,
       CASE WHEN p.redondeado OR t.estado = 'estimado' THEN 'estimado' ELSE t.estado END AS estado,
       CASE WHEN p.redondeado THEN razon(p.eventos - mitad_del_redondeo(p.eventos), t.numerador) * 100 END AS intervalo_min,
       CASE WHEN p.redondeado THEN razon(p.eventos + mitad_del_redondeo(p.eventos), t.numerador) * 100 END AS intervalo_max,
       list_filter([p.nota,
           CASE WHEN p.orden = 9 AND t.estado = 'revisado' AND p.publicado_en < t.publicado_en
                THEN 'La parte se publicó antes que el total, que se revisó después: la participación junta dos publicaciones.' END],
           lambda n: n <> '') AS notas,
       {falta_para_el_total: CAST(t.numerador - s.de_las_partes AS BIGINT)} AS atributos,
       [p.reportes, t.reportes] AS reportes,
       greatest(p.publicado_en, t.publicado_en) AS publicado_en,
       CASE WHEN p.publicado_en >= t.publicado_en THEN p.publicado_en_precision ELSE t.publicado_en_precision END AS publicado_en_precision
FROM medidas p
JOIN sumas s USING (dimension, periodo_inicio, periodo_fin)
JOIN eventos_por_conjunto t ON t.orden = p.orden AND t.periodo_inicio = p.periodo_inicio AND t.periodo_fin = p.periodo_fin
