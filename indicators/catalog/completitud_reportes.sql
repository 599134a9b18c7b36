-- Purpose: reports received, in time or late, over reports expected, by year, institution
-- and dataset, and by period of each dataset.
-- Grain: one row per period, institution and dataset (NULL: all). Keys: periodo_inicio, periodo_fin, institucion, conjunto.
SELECT periodo_inicio, periodo_fin, institucion, conjunto, recibidos AS numerador, esperados AS denominador,
       {esperados: esperados, recibidos: recibidos} AS atributos, reportes, publicado_en, publicado_en_precision
FROM reportes_esperados
ORDER BY periodo_inicio, periodo_fin, institucion, conjunto
