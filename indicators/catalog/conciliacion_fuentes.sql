-- Purpose: what two sources, two datasets or two documents say of one thing, side by
-- side and never merged; and the parts of a published total against it within one document.
-- numerador is side a (or the sum of the parts), denominador side b (or the total),
-- valor their difference.
-- Grain: one row per comparison, series (of parts) and period. Keys: conciliacion, serie, periodo_inicio, periodo_fin.
WITH calculadas AS (
    SELECT 'eventos_irregulares' AS clave, periodo_inicio, periodo_fin, numerador AS valor, reportes, publicado_en, publicado_en_precision
    FROM eventos_irregulares
    UNION ALL
    SELECT 'carpetas_ley_migracion', periodo_inicio, periodo_fin, numerador, reportes, publicado_en, publicado_en_precision
    FROM carpetas_ley_migracion WHERE entidad IS NULL
),
-- A period that an indicator does not give whole is the sum of its months, when all are there.
por_meses AS (
    SELECT l.codigo, l.lado, suma(c.valor) AS valor, flatten(list(c.reportes)) AS reportes, max(c.publicado_en) AS publicado_en,
           arg_max(c.publicado_en_precision, c.publicado_en) AS publicado_en_precision
    FROM lados_de_conciliacion l
    JOIN calculadas c ON c.clave = l.clave AND c.periodo_inicio >= l.inicio AND c.periodo_fin <= l.fin
                     AND es_mes(c.periodo_inicio, c.periodo_fin)
    WHERE l.origen = 'indicador'
    GROUP BY l.codigo, l.lado, l.inicio, l.fin
    HAVING count(*) = datediff('month', l.inicio, l.fin) + 1
),
valores AS (
    SELECT codigo, lado, valor, reportes, publicado_en, publicado_en_precision FROM lados_de_conciliacion WHERE publicado_en IS NOT NULL
    UNION ALL
    SELECT l.codigo, l.lado, c.valor, c.reportes, c.publicado_en, c.publicado_en_precision
    FROM lados_de_conciliacion l
    JOIN calculadas c ON c.clave = l.clave AND c.periodo_inicio = l.inicio AND c.periodo_fin = l.fin
    WHERE l.origen = 'indicador'
    UNION ALL
    SELECT * FROM por_meses m
    WHERE NOT EXISTS (FROM lados_de_conciliacion l JOIN calculadas c ON c.clave = l.clave AND c.periodo_inicio = l.inicio AND c.periodo_fin = l.fin
                      WHERE l.codigo = m.codigo AND l.lado = m.lado)
),
fuentes AS (
    SELECT a.codigo AS conciliacion, CAST(NULL AS VARCHAR) AS serie, lb.inicio AS periodo_inicio, lb.fin AS periodo_fin, a.unidad,
           va.valor AS numerador, vb.valor AS denominador,
           {clase: 'fuentes', institucion_a: a.institucion, texto_a: a.texto, institucion_b: lb.institucion, texto_b: lb.texto,
            razon_porcentaje: razon(vb.valor, va.valor) * 100,
            explicacion: CASE WHEN va.valor = vb.valor THEN 'Coincide' WHEN a.explicacion = '' THEN 'Sin explicación publicada'
                              ELSE a.explicacion END} AS atributos,
           list_filter([a.nota], lambda n: n <> '') AS notas,
           [va.reportes, vb.reportes] AS reportes, greatest(va.publicado_en, vb.publicado_en) AS publicado_en,
           CASE WHEN va.publicado_en >= vb.publicado_en THEN va.publicado_en_precision ELSE vb.publicado_en_precision END AS publicado_en_precision
    FROM lados_de_conciliacion a
    JOIN lados_de_conciliacion lb ON lb.codigo = a.codigo AND lb.lado = 'b'
    JOIN valores va ON va.codigo = a.codigo AND va.lado = 'a'
    JOIN valores vb ON vb.codigo = a.codigo AND vb.lado = 'b'
    -- Until an institution publishes its figure again, both sides are the same one: that is no comparison.
    WHERE a.lado = 'a' AND NOT (a.institucion = lb.institucion AND va.reportes IS NOT DISTINCT FROM vb.reportes)
),
-- Of a period that several datasets cover whole one answers; each other stands beside it.
conjuntos AS (
    SELECT o.*, r.conjunto AS responde, r.numerador AS respuesta, r.reportes AS reportes_respuesta,
           greatest(o.publicado_en, r.publicado_en) AS reciente,
           CASE WHEN r.publicado_en >= o.publicado_en THEN r.publicado_en_precision ELSE o.publicado_en_precision END AS precision_reciente
    FROM eventos_por_conjunto o
    JOIN (SELECT * FROM eventos_por_conjunto
          QUALIFY row_number() OVER (PARTITION BY periodo_inicio, periodo_fin ORDER BY orden) = 1) r
      ON r.periodo_inicio = o.periodo_inicio AND r.periodo_fin = o.periodo_fin AND r.orden < o.orden
    WHERE o.estado <> 'estimado'
)
SELECT conciliacion, serie, periodo_inicio, periodo_fin, unidad, numerador, denominador, numerador - denominador AS valor, atributos, notas,
       reportes, publicado_en, publicado_en_precision
FROM fuentes
UNION ALL
SELECT p.conciliacion, p.serie, p.periodo_inicio, p.periodo_fin, s.unidad, p.partes, p.total, p.partes - p.total,
       {clase: 'partes', institucion_a: s.institucion, texto_a: 'Suma de las partes publicadas', institucion_b: s.institucion,
        texto_b: 'Total publicado', razon_porcentaje: razon(p.total, p.partes) * 100,
        explicacion: CASE WHEN p.partes = p.total THEN 'Coincide' ELSE 'Sin explicación publicada' END},
       CAST([] AS VARCHAR[]), [[p.report_id]], p.publicado_en, p.publicado_en_precision
FROM partes_publicadas p
JOIN reference.series s ON s.codigo = p.serie
UNION ALL
SELECT 'otro_' || replace(o.conjunto, '-', '_'), 'upmrip_eventos_smi', o.periodo_inicio, o.periodo_fin, s.unidad, o.respuesta, o.numerador,
       o.respuesta - o.numerador,
       {clase: 'conjuntos', institucion_a: s.institucion, texto_a: o.responde, institucion_b: s.institucion, texto_b: o.conjunto,
        razon_porcentaje: razon(o.numerador, o.respuesta) * 100,
        explicacion: CASE WHEN o.respuesta = o.numerador THEN 'Coincide' ELSE 'Sin explicación publicada' END},
       aviso_por_debajo(o.periodo_inicio, o.periodo_fin, o.respuesta, o.conjunto, o.numerador),
       [o.reportes_respuesta, o.reportes], o.reciente, o.precision_reciente
FROM conjuntos o
JOIN reference.series s ON s.codigo = 'upmrip_eventos_smi'
ORDER BY conciliacion, serie, periodo_inicio, periodo_fin
