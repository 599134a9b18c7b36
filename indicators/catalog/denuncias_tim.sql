-- Purpose: complaints of migrant smuggling over all complaints of crimes by
-- migrants, by published period, with the sexes where published. Part and total
-- come from one document where one gives both, else from the newest of each.
-- Grain: one row per period and sexo (NULL: both). Keys: periodo_inicio, periodo_fin, sexo.
WITH conocidas AS (
    SELECT 1 AS orden, periodo_inicio, periodo_fin, delito, sexo, denuncias, report_id, publicado_en, publicado_en_precision
    FROM historia.upmrip_denuncias
    UNION ALL
    SELECT 9, periodo_inicio, periodo_fin,
           CASE WHEN dimension = 'delito' THEN codigos ELSE '' END, CASE WHEN dimension = 'sexo' THEN codigos ELSE '' END,
           valor, report_id, publicado_en, publicado_en_precision
    FROM historia.cifras_publicadas
    WHERE serie = 'upmrip_delitos_denuncias' AND dimension IN ('', 'delito', 'sexo')
),
-- In force: the newest of the dataset first in order that has the observation.
vigentes AS (
    SELECT * FROM conocidas
    QUALIFY row_number() OVER (PARTITION BY periodo_inicio, periodo_fin, delito, sexo ORDER BY orden, publicado_en DESC, report_id DESC) = 1
),
tim AS (
    SELECT * FROM vigentes WHERE delito = 'trafico_ilicito'
),
mismas AS (
    SELECT t.periodo_inicio, t.periodo_fin, t.sexo, c.denuncias, c.report_id, c.publicado_en, c.publicado_en_precision
    FROM tim t
    JOIN conocidas c ON c.periodo_inicio = t.periodo_inicio AND c.periodo_fin = t.periodo_fin AND c.delito = '' AND c.sexo = t.sexo
                    AND c.report_id = t.report_id
)
SELECT t.periodo_inicio, t.periodo_fin, nullif(t.sexo, '') AS sexo, t.denuncias AS numerador,
       coalesce(m.denuncias, v.denuncias) AS denominador,
       CASE WHEN coalesce(m.denuncias, v.denuncias) IS NULL THEN 'faltante' ELSE 'definitivo' END AS estado,
       list_filter([
           CASE WHEN coalesce(m.denuncias, v.denuncias) IS NULL THEN 'El total de denuncias del periodo no se ha publicado: no hay valor.' END,
           CASE WHEN m.denuncias IS NULL AND v.denuncias IS NOT NULL THEN 'La parte y el total vienen de documentos distintos.' END,
           CASE WHEN m.denuncias <> v.denuncias THEN
               'Un documento posterior da otro total para el periodo: ' || replace(format('{:,}', CAST(v.denuncias AS BIGINT)), ' ', '') || '.' END
       ], lambda n: n IS NOT NULL) AS notas,
       list_filter([t.report_id, coalesce(m.report_id, v.report_id)], lambda r: r IS NOT NULL) AS reportes,
       greatest(t.publicado_en, coalesce(m.publicado_en, v.publicado_en, t.publicado_en)) AS publicado_en,
       CASE WHEN coalesce(m.publicado_en, v.publicado_en) > t.publicado_en THEN coalesce(m.publicado_en_precision, v.publicado_en_precision)
            ELSE t.publicado_en_precision END AS publicado_en_precision
FROM tim t
LEFT JOIN mismas m ON m.periodo_inicio = t.periodo_inicio AND m.periodo_fin = t.periodo_fin AND m.sexo = t.sexo
LEFT JOIN vigentes v ON v.periodo_inicio = t.periodo_inicio AND v.periodo_fin = t.periodo_fin AND v.delito = '' AND v.sexo = t.sexo
ORDER BY t.periodo_inicio, t.periodo_fin, t.sexo
