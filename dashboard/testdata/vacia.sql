-- Purpose: a publication of a home without any report: the indicators and
-- datasets are declared and nothing else is there.
INSERT INTO publicacion VALUES (1, TIMESTAMP '2026-03-10 18:30:00', DATE '2026-03-10', 0, 'v-prueba');
INSERT INTO indicador
SELECT id, 1, to_json({id: id, nombre: {es: id, en: ''}, definicion: {es: 'Definición.', en: ''}, unidad: 'eventos', decimales: 0, calculo: 'conteo'})
FROM (VALUES ('eventos_irregulares'), ('variacion_anual_eventos'), ('acuerdos_cumplidos'), ('acuerdos_por_reunion'), ('carpetas_ley_migracion'), ('indice_informacion_tim')) t(id);
INSERT INTO conjunto VALUES ('upmrip-eventos', 'upmrip', 'UPMRIP', 'UPMRIP, área de estadística', 'publica', '{"Title":{"es":"Eventos","en":""}}', '{"Every":"mes","DueDay":7,"MonthsAfter":2}', '', '', NULL, NULL, 0);
