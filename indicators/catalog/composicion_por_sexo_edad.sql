-- Purpose: share of each sex, of each age group and of each crossing of both in
-- the published total of the same period.
-- Grain: one row per period, sexo and grupo_edad; the one that is not broken down is NULL.
-- Keys: periodo_inicio, periodo_fin, sexo, grupo_edad.
SELECT CASE dimension WHEN 'sexo' THEN codigo WHEN 'grupo_edad,sexo' THEN split_part(codigo, ',', 2) END AS sexo,
       CASE dimension WHEN 'grupo_edad' THEN codigo WHEN 'grupo_edad,sexo' THEN split_part(codigo, ',', 1) END AS grupo_edad,
       * EXCLUDE (dimension, codigo)
FROM participaciones
WHERE dimension IN ('sexo', 'grupo_edad', 'grupo_edad,sexo')
ORDER BY periodo_inicio, periodo_fin, sexo, grupo_edad
