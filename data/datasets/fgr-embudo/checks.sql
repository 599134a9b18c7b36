-- Purpose: rules of the prosecution funnel across columns and rows.
-- Grain: each SELECT gives one row per offence: linea, columna, valor, mensaje.

-- check: unidad_de_otra_etapa
SELECT f.line AS linea, 'unidad' AS columna, f.unidad AS valor,
       lower(e.nombre) || ' se cuenta en ' || replace(e.unidades, '|', ' o ') AS mensaje
FROM entrega f
JOIN reference.etapas e ON e.codigo = f.etapa
WHERE NOT list_contains(string_split(e.unidades, '|'), f.unidad);

-- check: corte_invertido
SELECT line AS linea, 'fecha_corte' AS columna, CAST(fecha_corte AS VARCHAR) AS valor,
       'se cuenta desde el ' || CAST(fecha_inicio AS VARCHAR) AS mensaje
FROM entrega
WHERE fecha_corte < fecha_inicio;

-- check: corte_despues_de_publicacion
SELECT line AS linea, 'publicado_en' AS columna, CAST(publicado_en AS VARCHAR) AS valor,
       'se cuenta hasta el ' || CAST(fecha_corte AS VARCHAR) || ', después de publicarse' AS mensaje
FROM entrega
WHERE fecha_corte > publicado_en;

-- check: observacion_repetida
SELECT f.line AS linea, 'etapa' AS columna, f.etapa AS valor,
       'otro renglón da la misma etapa, ' || e.etapa || ', con otro nombre' AS mensaje
FROM entrega f
JOIN reference.etapas e ON e.codigo = f.etapa
QUALIFY count(*) OVER (PARTITION BY f.fecha_inicio, f.fecha_corte, e.etapa, f.unidad, f.sexo, f.publicado_en, f.fuente) > 1;

-- check: sexos_rebasan_total
SELECT t.line AS linea, 'valor' AS columna, CAST(t.valor AS VARCHAR) AS valor,
       'por sexo suman ' || CAST(sum(p.valor) AS VARCHAR) AS mensaje
FROM entrega t
JOIN entrega p ON (p.fecha_inicio, p.fecha_corte, p.etapa, p.unidad, p.publicado_en, p.fuente)
                = (t.fecha_inicio, t.fecha_corte, t.etapa, t.unidad, t.publicado_en, t.fuente)
WHERE t.sexo IS NULL AND p.sexo IS NOT NULL
GROUP BY t.line, t.valor
HAVING sum(p.valor) > t.valor;

-- check: embudo_que_crece
WITH pasos AS (
    SELECT f.line, f.fecha_inicio, f.fecha_corte, f.sexo, f.publicado_en, f.fuente, e.etapa, f.valor,
           list_position(['judicializadas', 'vinculadas', 'sentenciadas'], e.etapa) AS paso
    FROM entrega f
    JOIN reference.etapas e ON e.codigo = f.etapa
    WHERE f.unidad = 'personas'
)
SELECT b.line AS linea, 'valor' AS columna, CAST(b.valor AS VARCHAR) AS valor,
       'hay ' || CAST(a.valor AS VARCHAR) || ' personas ' || a.etapa AS mensaje
FROM pasos a
JOIN pasos b ON b.paso = a.paso + 1 AND b.valor > a.valor
            AND (b.fecha_inicio, b.fecha_corte, b.publicado_en, b.fuente) = (a.fecha_inicio, a.fecha_corte, a.publicado_en, a.fuente)
            AND b.sexo IS NOT DISTINCT FROM a.sexo;

-- check: revision_grande
SELECT n.line AS linea, 'valor' AS columna, CAST(n.valor AS VARCHAR) AS valor,
       format('la misma cifra estaba en vigor con {:,} ({:+.1f} %)', v.valor, 100.0 * (n.valor / v.valor - 1)) AS mensaje,
       n.periodo_inicio, n.periodo_fin
FROM limpia n
JOIN anterior v USING (periodo_inicio, periodo_fin, etapa, unidad, sexo)
WHERE greatest(n.valor, v.valor) >= 100 AND v.valor > 0 AND abs(n.valor / v.valor - 1) * 100 > getvariable('limite');

-- check: otra_unidad
SELECT n.line AS linea, 'valor' AS columna, CAST(n.valor AS VARCHAR) AS valor,
       format('la misma cifra estaba en vigor con {:,}: parece otra unidad', v.valor) AS mensaje, n.periodo_inicio, n.periodo_fin
FROM limpia n
JOIN anterior v USING (periodo_inicio, periodo_fin, etapa, unidad, sexo)
WHERE greatest(n.valor, v.valor) >= 1000 AND greatest(n.valor, v.valor) > getvariable('limite') * greatest(least(n.valor, v.valor), 1)
