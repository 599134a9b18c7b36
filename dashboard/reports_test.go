package dashboard

import (
	"strings"
	"testing"
)

// A value names the correction alone, whose file has but the rows that were wrong:
// pages lead to the report that it corrects too.
func TestReports_corrected(t *testing.T) {
	dir := t.TempDir()
	mustPublish(t, dir, 12, "testdata/publicacion.sql", "UPDATE valor SET reportes = '[7]' WHERE reportes = '[4]'", "UPDATE valor SET reportes = '[3,7]' WHERE reportes = '[3,4]'")
	h := mustServer(t, dir).Handler()
	for page, want := range map[string]string{
		"/eventos":                         `<a href="/datos/reportes/4">4</a>, <a href="/datos/reportes/7">7</a>`,
		"/indicadores/eventos_irregulares": "<code>cifras-publicadas</code>, que corrige el 4",
		"/datos/reportes/4":                `<a href="/indicadores/eventos_irregulares">`,
	} {
		if body := get(t, h, page).Body.String(); !strings.Contains(body, want) {
			t.Errorf("%s lacks %q", page, want)
		}
	}
}

// Of a file that was refused for its header no row was read: it is not shown as one
// without rows.
func TestReports_nothingRead(t *testing.T) {
	dir := t.TempDir()
	mustPublish(t, dir, 12, "testdata/publicacion.sql", "UPDATE carga SET registros = 0, aceptados = 0, cuarentena = 0 WHERE reporte = 8")
	body := get(t, mustServer(t, dir).Handler(), "/datos/reportes/8").Body.String()
	if !strings.Contains(body, "no se leyó ninguno") || strings.Contains(body, "<dd>0</dd>") {
		t.Error("rows that nobody looked at are counted")
	}
}

// A report that was loaded anew, or of which a replay judged rows again, is one report:
// each of its rows is counted once.
func TestDatasets_eachRowOnce(t *testing.T) {
	const replay = `INSERT INTO carga SELECT * REPLACE (10 AS carga, 'repeticion' AS tipo, 3 AS registros, 1 AS aceptados, 2 AS cuarentena) FROM carga WHERE carga = 6`
	const reload = `INSERT INTO carga SELECT * REPLACE (11 AS carga, 'recarga' AS tipo, 4990 AS aceptados, 13 AS cuarentena) FROM carga WHERE carga = 6`
	const withdrawal = `INSERT INTO carga SELECT * REPLACE (11 AS carga, 'retiro' AS tipo, 'retirado' AS resultado, 0 AS registros, 0 AS aceptados, 0 AS cuarentena, 0 AS segundos) FROM carga WHERE carga = 6`
	const correction = `INSERT INTO carga SELECT * REPLACE (9 AS carga, 12 AS reporte, 6 AS corrige, 2 AS registros, 2 AS aceptados, 0 AS cuarentena) FROM carga WHERE carga = 6`
	again := []string{replay, `UPDATE estado_cuarentena SET estado = 'pendiente', por = 10, filas = 2`, `INSERT INTO estado_cuarentena VALUES (6, 'incorporada', 10, 1), (10, 'abierta', NULL, 2)`}
	for _, tt := range []struct {
		name, page            string
		statements            []string
		accepted, quarantined string
	}{
		{"loaded once", "/datos", nil, "5,000", "3"},
		{"judged again", "/datos", again, "5,001", "3"},
		{"before it was", "/datos?as_of_carga=9", again, "5,000", "3"},
		{"loaded anew", "/datos", append([]string{reload}, again...), "4,990", "13"},
		{"withdrawn", "/datos", append([]string{withdrawal}, again...), "0<small>sin contar 5,001 de un reporte retirado</small>", "0"},
		{"before it was withdrawn", "/datos?as_of_carga=10", append([]string{withdrawal}, again...), "5,001", "3"},
		{"corrected", "/datos", append([]string{`DELETE FROM carga WHERE carga = 9`, correction}, again...), "5,003", "3"},
		{"corrected and withdrawn", "/datos", append([]string{`DELETE FROM carga WHERE carga = 9`, correction, withdrawal}, again...), "2<small>sin contar 5,001 de un reporte retirado</small>", "0"},
		{"loaded anew, then withdrawn", "/datos", append([]string{`UPDATE publicacion SET ultima_carga = 12`, withdrawal, `UPDATE carga SET carga = 12 WHERE carga = 11`, reload}, again...), "0<small>sin contar 4,990 de un reporte retirado</small>", "0"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			mustPublish(t, dir, 12, "testdata/publicacion.sql", append([]string{`UPDATE publicacion SET ultima_carga = 11`}, tt.statements...)...)
			body := get(t, mustServer(t, dir).Handler(), tt.page).Body.String()
			if want := "<dt>Registros aceptados</dt><dd>" + tt.accepted + "</dd></div><div><dt>En cuarentena</dt><dd>" + tt.quarantined + "</dd>"; !strings.Contains(body, want) {
				t.Errorf("lacks %q", want)
			}
		})
	}
}

// A report's page says how many of the rows that were set aside are open and what
// closed the others, each row once; where it is not known of each, nothing.
func TestReports_quarantine(t *testing.T) {
	const page = "/datos/reportes/6"
	const again = `INSERT INTO carga SELECT * REPLACE (10 AS carga, 'repeticion' AS tipo, 3 AS registros, 1 AS aceptados, 2 AS cuarentena) FROM carga WHERE carga = 6`
	for _, tt := range []struct {
		name, page   string
		statements   []string
		want, absent []string
	}{
		{"all open", page, nil,
			[]string{"3 filas, todas siguen abiertas", "<dt>En cuarentena</dt><dd>3<small>todas siguen abiertas</small>", "3 filas siguen abiertas y no cuentan", "cauce quarantine replay --report 6 "},
			[]string{"llegó", "llegaron", "celdas"}},
		{"some corrected", page, []string{`INSERT INTO estado_cuarentena VALUES (6, 'corregida', 7, 2)`, `UPDATE estado_cuarentena SET filas = 1 WHERE estado = 'abierta'`},
			[]string{`3 filas, 1 sigue abierta<br><a href="/datos/reportes/7">2 llegaron corregidas con el reporte 7</a>`, "1 fila sigue abierta y no cuenta en ninguna cifra hasta que llegue corregida"},
			nil},
		{"all corrected or replaced", page, []string{`UPDATE estado_cuarentena SET filas = 1, por = 7, estado = 'corregida'`, `INSERT INTO estado_cuarentena VALUES (6, 'sustituida', 9, 2)`},
			[]string{"3 filas, ninguna sigue abierta", `<a href="/datos/reportes/7">1 llegó corregida con el reporte 7</a>`, `<a href="/datos/reportes/9">2 ya no hacen falta: el reporte 9, más reciente, trae lo mismo</a>`},
			[]string{"Qué sigue", "no cuentan"}},
		{"brought in by a replay in part", page, []string{again, `UPDATE estado_cuarentena SET estado = 'pendiente', por = 10, filas = 2`, `INSERT INTO estado_cuarentena VALUES (6, 'incorporada', 10, 1), (10, 'abierta', NULL, 2)`},
			[]string{"3 filas, 2 siguen abiertas", "1 pasó al revisarse otra vez, en la carga 10", "<small>2 se apartaron otra vez en la carga 10 y se cuentan allí; la otra ya no está abierta</small>", "<small>todas siguen abiertas</small>"},
			nil},
		{"withdrawn", page, []string{`UPDATE estado_cuarentena SET estado = 'retirada', por = 9`},
			[]string{"ninguna sigue abierta", "3 salieron con el retiro del reporte, en la carga 9"}, []string{"Qué sigue"}},
		{"as of an earlier load", page + "?as_of_carga=6", []string{`UPDATE estado_cuarentena SET estado = 'corregida', por = 7`},
			[]string{"3 llegaron corregidas", "también lo que llegó después del corte"}, nil},
		{"not known of each", page, []string{`UPDATE estado_cuarentena SET filas = 2, estado = 'corregida', por = 7`},
			[]string{"<dt>En cuarentena</dt><dd>3</dd>", "Las filas en cuarentena no cuentan"}, []string{"abierta", "llegaron"}},
		{"protected", page, []string{`UPDATE carga SET bytes = NULL, registros = NULL, aceptados = NULL, cuarentena = NULL, omitidos = NULL, lineas = NULL WHERE carga = 6`, `DELETE FROM estado_cuarentena`, `DELETE FROM problema WHERE carga = 6`},
			[]string{"<dt>En cuarentena</dt><dd>Suprimido</dd>", "Las filas en cuarentena no cuentan", "no se publica de este conjunto"}, []string{"abierta", "Ninguna regla incumplida"}},
		{"a single row", page, []string{`UPDATE carga SET cuarentena = 1 WHERE carga = 6`, `UPDATE estado_cuarentena SET filas = 1`},
			[]string{"1 fila, sigue abierta", "1 fila sigue abierta y no cuenta"}, nil},
		{"already corrected, and a row of the wrong width", page, []string{`UPDATE carga SET corrige = 6 WHERE carga = 7`, `UPDATE problema SET regla = 'R021' WHERE carga = 6`},
			[]string{"cauce quarantine export --report 6 ", "le sobraban celdas (R021) solo se cierra con el archivo completo"}, []string{"quarantine replay"}},
		{"none set aside", "/datos/reportes/9", nil, []string{"<dt>En cuarentena</dt><dd>0</dd>"}, []string{"abierta"}},
		{"the list of loads", "/datos", nil, []string{"3<small>3 abiertas</small>"}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			mustPublish(t, dir, 12, "testdata/publicacion.sql", tt.statements...)
			body := get(t, mustServer(t, dir).Handler(), tt.page).Body.String()
			for _, want := range tt.want {
				if !strings.Contains(body, want) {
					t.Errorf("lacks %q", want)
				}
			}
			for _, absent := range tt.absent {
				if strings.Contains(body, absent) {
					t.Errorf("says %q", absent)
				}
			}
		})
	}
}

// Where a report was withdrawn, or its correction came, every place says the same of
// its rows: the page of datasets and its list of loads, the report's own page, the API,
// the start page and the metrics.
func TestReports_withdrawn(t *testing.T) {
	dir := t.TempDir()
	mustPublish(t, dir, 12, "testdata/publicacion.sql", `UPDATE publicacion SET ultima_carga = 10`, `UPDATE estado_cuarentena SET estado = 'retirada', por = 10`, `DELETE FROM cuarentena`,
		`INSERT INTO carga SELECT * REPLACE (10 AS carga, 'retiro' AS tipo, 'retirado' AS resultado, 'enviado por error' AS motivo, 0 AS registros, 0 AS aceptados, 0 AS cuarentena, 0 AS lineas, 0 AS segundos,
			terminado_en + INTERVAL 1 HOUR AS terminado_en) FROM carga WHERE carga = 6`,
		`UPDATE conjunto SET filas = 0, primer_periodo = NULL, ultimo_periodo = NULL WHERE id = 'sesnsp-fuero-federal'`)
	h := mustServer(t, dir).Handler()
	for _, tt := range []struct {
		page         string
		want, absent []string
	}{
		{"/datos", []string{"5,000<small>retirado en la carga 10</small>", "sin contar 5,000 de un reporte retirado", `Retirado</span><small>enviado por error</small></td><td>sesnsp-fuero-federal</td><td>IDEFF.csv</td><td class="n">—</td><td class="n">—</td>`},
			[]string{`reporte 6</a>, publicado`}},
		{"/datos?as_of_carga=9", []string{`<dt>Registros aceptados</dt><dd>5,000</dd>`, `reporte 6</a>, publicado`}, []string{"retirado en la carga", "un reporte retirado"}},
		{"/datos/reportes/6", []string{"<dt>Sus filas ya no cuentan</dt><dd>reporte retirado en la carga 10</dd>", "<dt>Aceptados</dt><dd>5,000</dd>"}, []string{"<dt>Aceptados</dt><dd>0</dd>"}},
		{"/datos/reportes/6?as_of_carga=9", []string{"<dt>Aceptados</dt><dd>5,000</dd>"}, []string{"ya no cuentan"}},
		{"/", []string{"<dd>2 de 4</dd>", `<dt>Última carga</dt><dd><a href="/datos/reportes/9">`}, nil},
		{"/?as_of_carga=10", []string{"<dd>2 de 4</dd>"}, nil},
		{"/?as_of_carga=9", []string{"<dd>3 de 4</dd>"}, nil},
		{"/metrics", []string{`cauce_load_rows{dataset="sesnsp-fuero-federal",outcome="aceptado"} 5000`, `cauce_load_duration_seconds{dataset="sesnsp-fuero-federal"} 0.5`, `cauce_loads_total{dataset="sesnsp-fuero-federal",result="retirado"} 1`}, nil},
	} {
		body := get(t, h, tt.page).Body.String()
		for _, want := range tt.want {
			if !strings.Contains(body, want) {
				t.Errorf("%s lacks %q", tt.page, want)
			}
		}
		for _, absent := range tt.absent {
			if strings.Contains(body, absent) {
				t.Errorf("%s says %q", tt.page, absent)
			}
		}
	}
}

// A correction that was withdrawn later still counts as of a load before that.
func TestReports_correctionWithdrawn(t *testing.T) {
	dir := t.TempDir()
	mustPublish(t, dir, 12, "testdata/publicacion.sql", `UPDATE publicacion SET ultima_carga = 10`,
		`INSERT INTO carga SELECT * REPLACE (10 AS carga, 'retiro' AS tipo, 'retirado' AS resultado, 0 AS registros, 0 AS aceptados) FROM carga WHERE carga = 7`)
	h := mustServer(t, dir).Handler()
	for page, want := range map[string]string{
		"/datos/reportes/4":               `reporte 7 (retirado)</a>`,
		"/datos/reportes/4?as_of_carga=9": `reporte 7</a>`,
		"/datos/reportes/7":               "Ninguna de sus filas cuenta",
		"/datos/reportes/7?as_of_carga=9": "Cada fila toma el lugar",
	} {
		if !strings.Contains(get(t, h, page).Body.String(), want) {
			t.Errorf("%s lacks %q", page, want)
		}
	}
}
