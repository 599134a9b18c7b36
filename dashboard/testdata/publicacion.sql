-- Purpose: the rows of a small publication for the tests of the pages: a series
-- with a break, a revision, a preliminary and a rounded figure, a composition
-- with a remainder, two cut-offs, two years of the index, a late dataset, a load
-- with quarantine and a refused one.
INSERT INTO publicacion VALUES (12, TIMESTAMP '2026-03-10 18:30:00', DATE '2026-03-10', 9, 'v-prueba');

INSERT INTO indicador
SELECT id, orden, to_json({
    id: id, nombre: {es: nombre, en: ''}, definicion: {es: definicion, en: ''}, formula: formula, formula_matematica: formula_matematica,
    unidad: unidad, decimales: decimales, periodicidad: periodicidad, dimensiones: list_transform(dimensiones, x -> {id: x, nombre: upper(x[1]) || x[2:], catalogo: ''}), conjuntos: conjuntos,
    fuentes: [{texto: 'Boletín estadístico', url: 'https://example.org/boletin'}],
    no_mide: [no_mide], limites: [limite],
    rupturas: CASE WHEN ruptura THEN [{desde: '2021-01-01', texto: {es: 'desde el boletín de 2021 se distingue entre presentados y canalizados; antes solo hay presentados.', en: ''}}] ELSE [] END,
    interpretacion: 'Se lee junto con sus límites.', direccion: 'sin sentido deseado', meta: NULL, clase: 'publica', aditivo: aditivo,
    version: '1', responsable: 'UPMRIP', grafica: {tipo: grafica, titulo: nombre}, calculo: calculo, notas: [], hash: 'c0ffee'
})
FROM (VALUES
    (1, 'eventos_irregulares', 'Eventos de personas en situación migratoria irregular', 'Número de eventos de personas extranjeras presentadas o canalizadas ante la autoridad migratoria en un periodo.', 'Conteo de eventos.', 'E', 'eventos', 0, 'mensual y anual', []::VARCHAR[], ['cifras-publicadas'], 'No mide personas: una misma persona puede tener más de un evento.', 'Depende de la actividad de la autoridad migratoria.', true, true, 'barras', 'conteo'),
    (2, 'variacion_anual_eventos', 'Cambio anual de los eventos', 'Cambio porcentual de los eventos de un año respecto del anterior.', 'Eventos del año entre eventos del año anterior, menos uno.', '(E_t ÷ E_{t−1} − 1) × 100', 'porcentaje', 2, 'anual', [], ['cifras-publicadas'], 'No mide el cambio en el número de personas.', 'Depende de la base vigente.', true, false, 'barras', 'cambio_porcentual'),
    (3, 'composicion_por_nacionalidad', 'Composición de los eventos por nacionalidad', 'Parte de los eventos de cada nacionalidad en el total publicado.', 'Eventos de la nacionalidad entre el total.', 'e ÷ E × 100', 'porcentaje', 2, 'anual', ['nacionalidad'], ['cifras-publicadas'], 'No mide personas.', 'Solo las nacionalidades publicadas.', false, false, 'barras', 'porcentaje'),
    (4, 'composicion_por_condicion', 'Composición de los eventos por condición', 'Parte de los eventos presentados y canalizados.', 'Eventos de la condición entre el total.', 'e ÷ E × 100', 'porcentaje', 2, 'anual', ['condicion'], ['cifras-publicadas'], 'No mide personas.', 'Desde 2021.', false, false, 'dona', 'porcentaje'),
    (5, 'acuerdos_cumplidos', 'Acuerdos cumplidos de la mesa de judicialización', 'Acuerdos cumplidos entre acuerdos tomados a una fecha de corte.', 'Cumplidos entre tomados.', 'c ÷ a × 100', 'porcentaje', 2, 'por corte', [], ['sspc-mesa-resumen'], 'No mide carpetas, detenciones ni sentencias.', 'Solo el resumen es público.', false, false, 'barras', 'porcentaje'),
    (6, 'acuerdos_por_reunion', 'Acuerdos por reunión', 'Acuerdos tomados entre reuniones.', 'Acuerdos entre reuniones.', 'a ÷ r', 'acuerdos por reunión', 2, 'por corte', [], ['sspc-mesa-resumen'], 'No mide la importancia de los acuerdos.', 'Solo el resumen es público.', false, false, 'barras', 'razon'),
    (7, 'carpetas_ley_migracion', 'Carpetas de investigación por Ley de Migración', 'Carpetas de investigación del fuero federal por delitos de la Ley de Migración.', 'Conteo de carpetas.', 'C', 'carpetas', 0, 'mensual y anual', ['entidad'], ['sesnsp-fuero-federal'], 'No mide solo el tráfico de personas.', 'Incluye todos los delitos de esa ley.', false, true, 'barras', 'conteo'),
    (8, 'indice_informacion_tim', 'Índice de información sobre tráfico ilícito de migrantes', 'Parte de las preguntas de cada eje con información entregada para el año, y promedio de los cinco ejes.', 'Por eje, preguntas con sí entre preguntas; promedio de los ejes.', 'I = (1/5) Σ 100 × s/n', 'puntos', 1, 'anual', ['eje'], ['gttim-acciones'], 'No mide la calidad de la información.', 'Construcción propia.', false, false, 'ejes', 'porcentaje'),
    (9, 'indicador_sin_datos', 'Indicador sin datos', 'Declarado y todavía sin reportes.', 'Conteo.', 'n', 'eventos', 0, 'anual', [], ['upmrip-eventos'], 'Nada todavía.', 'Sin reportes.', false, true, 'barras', 'conteo')
) t(orden, id, nombre, definicion, formula, formula_matematica, unidad, decimales, periodicidad, dimensiones, conjuntos, no_mide, limite, ruptura, aditivo, grafica, calculo);

-- Totals of events, months and cumulative periods.
INSERT INTO valor
SELECT 'eventos_irregulares', ini, fin, '{}', '{}', v, NULL, NULL, 'eventos', estado, false, lo, hi, notas, '{}', vig, prec, rep, desde, hasta, 1, NULL
FROM (VALUES
    (DATE '2015-01-01', DATE '2015-12-31', 198141, 'definitivo', NULL, NULL, '[]', DATE '2021-10-31', 'mes', '[1]', DATE '2021-10-31', NULL),
    (DATE '2018-01-01', DATE '2018-12-31', 131445, 'revisado', NULL, NULL, '[]', DATE '2020-02-29', 'mes', '[2]', DATE '2020-02-29', NULL),
    (DATE '2019-01-01', DATE '2019-12-31', 186750, 'preliminar', NULL, NULL, '[]', DATE '2020-02-29', 'mes', '[2]', DATE '2020-02-29', DATE '2024-02-29'),
    (DATE '2019-01-01', DATE '2019-12-31', 182940, 'revisado', NULL, NULL, '[]', DATE '2024-02-29', 'mes', '[3]', DATE '2024-02-29', NULL),
    (DATE '2020-01-01', DATE '2020-12-31', 82379, 'definitivo', NULL, NULL, '[]', DATE '2021-10-31', 'mes', '[1]', DATE '2021-10-31', NULL),
    (DATE '2021-01-01', DATE '2021-12-31', 307569, 'definitivo', NULL, NULL, '["las partes publicadas suman otra cifra"]', DATE '2022-02-28', 'mes', '[3]', DATE '2022-02-28', NULL),
    (DATE '2022-01-01', DATE '2022-12-31', 441409, 'definitivo', NULL, NULL, '[]', DATE '2024-02-29', 'mes', '[3]', DATE '2024-02-29', NULL),
    (DATE '2023-01-01', DATE '2023-12-31', 782176, 'definitivo', NULL, NULL, '[]', DATE '2024-02-29', 'mes', '[3]', DATE '2024-02-29', NULL),
    (DATE '2024-01-01', DATE '2024-12-31', 1234698, 'preliminar', NULL, NULL, '[]', DATE '2026-02-28', 'mes', '[4]', DATE '2026-02-28', NULL),
    (DATE '2025-01-01', DATE '2025-12-31', 155730, 'preliminar', NULL, NULL, '[]', DATE '2026-02-28', 'mes', '[4]', DATE '2026-02-28', NULL),
    (DATE '2023-01-01', DATE '2023-01-31', 36147, 'definitivo', NULL, NULL, '[]', DATE '2024-02-29', 'mes', '[3]', DATE '2024-02-29', NULL),
    (DATE '2023-08-01', DATE '2023-08-31', 84000, 'definitivo', 83500, 84499, '[]', DATE '2024-02-29', 'mes', '[3]', DATE '2024-02-29', NULL),
    (DATE '2023-11-01', DATE '2023-11-30', 97969, 'definitivo', NULL, NULL, '[]', DATE '2024-02-29', 'mes', '[3]', DATE '2024-02-29', NULL),
    (DATE '2024-01-01', DATE '2024-01-31', 113839, 'preliminar', NULL, NULL, '[]', DATE '2026-02-28', 'mes', '[4]', DATE '2026-02-28', NULL),
    (DATE '2024-05-01', DATE '2024-05-31', 125499, 'preliminar', NULL, NULL, '[]', DATE '2026-02-28', 'mes', '[4]', DATE '2026-02-28', NULL),
    (DATE '2024-01-01', DATE '2024-04-30', 465191, 'preliminar', NULL, NULL, '[]', DATE '2026-02-28', 'mes', '[4]', DATE '2026-02-28', NULL),
    (DATE '2024-01-01', DATE '2024-07-31', 828505, 'preliminar', NULL, NULL, '[]', DATE '2026-02-28', 'mes', '[4]', DATE '2026-02-28', NULL)
) t(ini, fin, v, estado, lo, hi, notas, vig, prec, rep, desde, hasta);

INSERT INTO valor
SELECT 'variacion_anual_eventos', make_date(a, 1, 1), make_date(a, 12, 31), '{}', '{}', (n / b - 1) * 100, n, b, 'porcentaje', 'preliminar', r, NULL, NULL, '[]', '{}', DATE '2026-02-28', 'mes', '[3,4]', DATE '2026-02-28', NULL, 1, NULL
FROM (VALUES (2021, 307569.0, 82379.0, true), (2022, 441409.0, 307569.0, false), (2023, 782176.0, 441409.0, false), (2024, 1234698.0, 782176.0, false), (2025, 155730.0, 1234698.0, false)) t(a, n, b, r);

INSERT INTO valor
SELECT 'composicion_por_nacionalidad', DATE '2024-01-01', DATE '2024-12-31', to_json({nacionalidad: c}), to_json({nacionalidad: e}), 100.0 * n / 1234698, n, 1234698, 'porcentaje', 'preliminar', false, NULL, NULL, '[]', '{}', DATE '2026-02-28', 'mes', '[4]', DATE '2026-02-28', NULL, 1, NULL
FROM (VALUES ('VEN', 'Venezuela', 361203), ('ECU', 'Ecuador', 118495), ('HND', 'Honduras', 90097), ('COL', 'Colombia', 85211), ('GTM', 'Guatemala', 82126), ('SLV', 'El Salvador', 77720), ('NIC', 'Nicaragua', 62349), ('CUB', 'Cuba', 43018), ('HTI', 'Haití', 41653)) t(c, e, n);

INSERT INTO valor
SELECT 'composicion_por_condicion', DATE '2024-01-01', DATE '2024-12-31', to_json({condicion: c}), to_json({condicion: e}), 100.0 * n / 1234698, n, 1234698, 'porcentaje', 'preliminar', false, NULL, NULL, '[]', '{}', DATE '2026-02-28', 'mes', '[4]', DATE '2026-02-28', NULL, 1, NULL
FROM (VALUES ('presentado', 'Presentados', 986314), ('canalizado', 'Canalizados', 248384)) t(c, e, n);

INSERT INTO valor
SELECT 'acuerdos_cumplidos', f, f, '{}', '{}', 100.0 * c / a, c, a, 'porcentaje', 'definitivo', false, NULL, NULL, '[]', '{}', p, 'dia', r, p, NULL, 1, NULL
FROM (VALUES (DATE '2025-06-03', 297, 301, DATE '2025-06-03', '[5]'), (DATE '2025-12-15', 300, 305, DATE '2026-01-20', '[9]')) t(f, c, a, p, r);
INSERT INTO valor VALUES ('acuerdos_por_reunion', DATE '2025-06-03', DATE '2025-06-03', '{}', '{}', 301.0 / 74, 301, 74, 'acuerdos por reunión', 'definitivo', false, NULL, NULL, '[]', '{}', DATE '2025-06-03', 'dia', '[5]', DATE '2025-06-03', NULL, 1, NULL);

INSERT INTO valor
SELECT 'carpetas_ley_migracion', i, f, '{}', '{}', v, NULL, NULL, 'carpetas', 'definitivo', false, NULL, NULL, '[]', '{}', DATE '2025-08-31', 'mes', '[6]', DATE '2025-08-31', NULL, 1, NULL
FROM (VALUES
    (DATE '2019-01-01', DATE '2019-12-31', 1369), (DATE '2020-01-01', DATE '2020-12-31', 672), (DATE '2021-01-01', DATE '2021-12-31', 1681), (DATE '2022-01-01', DATE '2022-12-31', 1648),
    (DATE '2023-01-01', DATE '2023-12-31', 1000), (DATE '2024-01-01', DATE '2024-12-31', 749), (DATE '2025-01-01', DATE '2025-07-31', 177)) t(i, f, v);
INSERT INTO valor VALUES ('carpetas_ley_migracion', DATE '2024-01-01', DATE '2024-12-31', '{"entidad":"30"}', '{"entidad":"Veracruz de Ignacio de la Llave"}', 118, NULL, NULL, 'carpetas', 'definitivo', false, NULL, NULL, '["=1+1"]', '{}', DATE '2025-08-31', 'mes', '[6]', DATE '2025-08-31', NULL, 1, NULL);

INSERT INTO valor
SELECT 'indice_informacion_tim', make_date(a, 1, 1), make_date(a, 12, 31), CASE WHEN e = '' THEN '{}' ELSE to_json({eje: e}) END, CASE WHEN e = '' THEN '{}' ELSE to_json({eje: l}) END, v, s, n, 'puntos', 'definitivo', false, NULL, NULL, '[]',
       to_json({banda: 'requiere mayor progreso', respondidas: r, preguntas: n, respondidas_porcentaje: 100.0 * r / n}), DATE '2026-03-10', 'dia', '[6]', DATE '1900-01-01', NULL, 1, NULL
FROM (VALUES
    (2024, '', '', 12.0, 3, 25, 5), (2024, 'prevencion', 'Prevención', 20.0, 1, 5, 2), (2024, 'atencion', 'Atención a personas migrantes', 0.0, 0, 5, 1), (2024, 'procuracion', 'Procuración de justicia', 40.0, 2, 5, 2), (2024, 'administracion', 'Administración de justicia', 0.0, 0, 5, 0), (2024, 'estudio', 'Estudio y análisis de la información', 0.0, 0, 5, 0),
    (2025, '', '', 8.0, 2, 25, 4), (2025, 'prevencion', 'Prevención', 0.0, 0, 5, 1), (2025, 'atencion', 'Atención a personas migrantes', 0.0, 0, 5, 1), (2025, 'procuracion', 'Procuración de justicia', 20.0, 1, 5, 1), (2025, 'administracion', 'Administración de justicia', 0.0, 0, 5, 0), (2025, 'estudio', 'Estudio y análisis de la información', 20.0, 1, 5, 1),
    (2026, '', '', 0.0, 0, 25, 0)) t(a, e, l, v, s, n, r);

INSERT INTO detalle
SELECT 'indice_informacion_tim', 100 * (a - 2024) + o, to_json({anio: a, eje: e, eje_nombre: l, pregunta: p, texto: t, responsables: r, evidencia_tipo: k, conjunto: c, respuesta: s, evidencia: x, reportes: m, vence: d}), DATE '1900-01-01', NULL, 1, NULL
FROM (VALUES
    (2024, 1, 'prevencion', 'Prevención', 'P1', 'Eventos de personas en situación migratoria irregular por mes, entidad, nacionalidad, sexo y grupo de edad', 'UPMRIP', 'reporte', 'upmrip-eventos', 'no', 'Venció el plazo sin reporte que cubra el año.', []::INT[], '2025-02-07'),
    (2024, 2, 'prevencion', 'Prevención', 'P2', 'Campañas de comunicación: número, territorio y población alcanzada', 'UPMRIP', 'accion', '', 'si', 'Oficio de la institución.', [7], ''),
    (2024, 3, 'atencion', 'Atención a personas migrantes', 'A4', 'Delitos denunciados por personas migrantes, por delito y sexo', 'UPMRIP', 'reporte', 'upmrip-denuncias', 'sin_dato', '', [], ''),
    (2024, 4, 'procuracion', 'Procuración de justicia', 'J1', 'Carpetas de investigación por Ley de Migración, por entidad y mes', 'SESNSP, FGR', 'reporte', 'sesnsp-fuero-federal', 'si', 'Los doce meses.', [6], '2025-02-20'),
    (2024, 5, 'administracion', 'Administración de justicia', 'S1', 'Causas penales ingresadas por TIM', 'CJF', 'accion', '', 'sin_dato', '', [], ''),
    (2024, 6, 'estudio', 'Estudio y análisis de la información', 'E3', 'Diagnóstico y hoja de ruta vigentes', 'UPMRIP, OIM', 'accion', '', 'sin_dato', '', [], ''),
    (2025, 1, 'prevencion', 'Prevención', 'P1', 'Eventos de personas en situación migratoria irregular por mes, entidad, nacionalidad, sexo y grupo de edad', 'UPMRIP', 'reporte', 'upmrip-eventos', 'no', 'Venció el plazo sin reporte que cubra el año.', [], '2026-02-07'),
    (2025, 2, 'procuracion', 'Procuración de justicia', 'J1', 'Carpetas de investigación por Ley de Migración, por entidad y mes', 'SESNSP, FGR', 'reporte', 'sesnsp-fuero-federal', 'no', 'Solo hasta julio.', [6], '2026-02-20')
) q(a, o, e, l, p, t, r, k, c, s, x, m, d);

INSERT INTO detalle VALUES
('variacion_anual_eventos', 1, '{"afirmacion":"var_59","texto":"Los eventos aumentaron 59 % en 2024 respecto de 2023.","institucion":"Institución","donde":"minuta","fecha":"2025-06","url":"https://example.org/minuta","valor_dicho":59,"periodo_inicio":"2024-01-01","periodo_fin":"2024-12-31","valor_calculado":57.854293662807,"numerador":1234698,"denominador":782176,"base_min":774106,"base_max":778989,"nota":"La base revisada no se ha publicado."}', DATE '2025-06-03', NULL, 1, NULL),
('eventos_irregulares', 1, '{"afirmacion":"mas_de","texto":"Más de 1.2 millones de eventos en 2024.","institucion":"Institución","donde":"minuta","fecha":"2025-06-03","url":"","valor_dicho":1200000,"periodo_inicio":"2024-01-01","periodo_fin":"2024-12-31","valor_calculado":1234698,"nota":"<script>alert(1)</script>"}', DATE '2025-06-03', NULL, 1, NULL),
('acuerdos_cumplidos', 1, '{"afirmacion":"a297","texto":"Se han cumplido 297 de 301 acuerdos.","institucion":"Institución","donde":"minuta","fecha":"2025-06-03","url":"","componente":"numerador","valor_dicho":297,"periodo_inicio":"2025-06-03","periodo_fin":"2025-06-03","valor_calculado":297,"reportes":[5],"nota":""}', DATE '2025-06-03', NULL, 1, NULL);

INSERT INTO conjunto
SELECT id, inst, 'Institución ' || inst, inst || ', área de estadística', clase, to_json({"Title": {es: t, en: ''}, "Description": {es: d, en: ''}, "Notes": [], "Caveats": [], "Breaks": [], "Citation": cita, "Keywords": []}),
       to_json({"Every": e, "DueDay": dd, "MonthsAfter": ma, "GraceDays": 0, "Schedule": ''}), f, 'Libre Uso MX', p, u, n
FROM (VALUES
    ('cifras-publicadas', 'GTTIM', 'publica', 'Cifras publicadas', 'Puntos publicados en boletines, comunicados y prensa, cada uno con su fuente.', 'GTTIM, cifras publicadas.', 'ninguna', 0, 0, '', DATE '2015-01-01', DATE '2025-12-31', 223),
    ('sesnsp-fuero-federal', 'SESNSP', 'publica', 'Incidencia delictiva del fuero federal', 'Carpetas de investigación por entidad, ley, tipo y mes.', 'SESNSP, incidencia delictiva del fuero federal.', 'mes', 20, 1, 'https://example.org/sesnsp', DATE '2012-01-01', DATE '2025-07-31', 5000),
    ('sspc-mesa-resumen', 'SSPC', 'publica', 'Mesa de judicialización: resumen', 'Reuniones, acuerdos y acuerdos cumplidos a una fecha de corte.', 'SSPC, mesa de judicialización.', 'ninguna', 0, 0, 'minuta', DATE '2025-06-03', DATE '2025-12-15', 2),
    ('upmrip-eventos', 'UPMRIP', 'publica', 'Eventos por mes, entidad y nacionalidad', 'Tabla mensual de eventos.', 'UPMRIP, eventos.', 'mes', 7, 2, '', NULL, NULL, 0)
) t(id, inst, clase, t, d, cita, e, dd, ma, f, p, u, n);

INSERT INTO carga
SELECT c, r, ds, 'inicial', res, mot, arch, sha256(arch), 1000 + c, TIMESTAMP '2026-03-01 12:00:00', TIMESTAMP '2026-03-01 12:00:00' + INTERVAL (c) MINUTE, 0.5, pub, prec, 'acompanante', fu, acc + cu, acc, cu, 0, acc + cu + 1, p, u, 'feed' || c, 'v-prueba', false, inc, corr
FROM (VALUES
    (1, 1, 'cifras-publicadas', 'aceptado', '', 'animalpolitico-2021-10.csv', DATE '2021-10-31', 'mes', 'https://example.org/2021/10/record-detenciones', 2, 0, DATE '2015-01-01', DATE '2020-12-31', true, NULL),
    (2, 2, 'cifras-publicadas', 'aceptado', '', 'milenio-2020-02.csv', DATE '2020-02-29', 'mes', 'https://example.org/ciencia-y-salud/sociedad/subieron', 4, 0, DATE '2018-01-01', DATE '2019-12-31', true, NULL),
    (3, 3, 'cifras-publicadas', 'aceptado', '', 'enbreve-2024-02.csv', DATE '2024-02-29', 'mes', 'https://example.org/migracion-irregular-a-traves-de-mexico', 20, 0, DATE '2019-01-01', DATE '2023-12-31', true, NULL),
    (4, 4, 'cifras-publicadas', 'aceptado', '', 'vanguardia-2026-02.csv', DATE '2026-02-28', 'mes', 'https://example.org/noticias/mexico/se-desploman', 30, 0, DATE '2024-01-01', DATE '2025-12-31', true, NULL),
    (5, 5, 'sspc-mesa-resumen', 'aceptado', '', 'minuta-2025-06-03.csv', DATE '2025-06-03', 'dia', 'Minuta de la 5ª sesión ordinaria', 1, 0, DATE '2025-06-03', DATE '2025-06-03', true, NULL),
    (6, 6, 'sesnsp-fuero-federal', 'parcial', '', 'IDEFF.csv', DATE '2025-08-31', 'mes', 'https://example.org/ideff', 5000, 3, DATE '2012-01-01', DATE '2025-07-31', false, NULL),
    (7, 7, 'cifras-publicadas', 'aceptado', '', 'otra.csv', DATE '2026-02-28', 'dia', 'buzón', 1, 0, DATE '2024-01-01', DATE '2024-12-31', false, 4),
    (8, 8, 'sspc-mesa-resumen', 'rechazado', 'ninguna fila aceptada', 'nada <b>aquí</b>.csv', DATE '2026-03-01', 'dia', 'buzón', 0, 9, NULL, NULL, false, 5),
    (9, 9, 'sspc-mesa-resumen', 'aceptado', '', 'corte-2025-12.csv', DATE '2026-01-20', 'dia', 'https://example.org/mesa', 1, 0, DATE '2025-12-15', DATE '2025-12-15', false, NULL)
) t(c, r, ds, res, mot, arch, pub, prec, fu, acc, cu, p, u, inc, corr);

INSERT INTO problema VALUES (6, 'R014', 'fila', 3), (8, 'R003', 'archivo', 1);

INSERT INTO cuarentena VALUES
    ('sesnsp-fuero-federal', '', 3, TIMESTAMP '2026-03-01 12:00:00'),
    ('sesnsp-fuero-federal', 'R014', 2, TIMESTAMP '2026-03-01 12:00:00'),
    ('sesnsp-fuero-federal', 'R020', 1, TIMESTAMP '2026-03-02 12:00:00');

INSERT INTO estado_cuarentena VALUES (6, 'abierta', NULL, 3);
