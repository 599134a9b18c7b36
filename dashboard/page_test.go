package dashboard

import (
	"encoding/json"
	"html"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestPages(t *testing.T) {
	h := mustServer(t, mustHome(t)).Handler()
	for _, tt := range []struct {
		target string
		want   []string
	}{
		{"/", []string{"155,730", "−87.39\u00a0%", "1,234,698", "57.85\u00a0%", ">300 <", "de 305", "98.36\u00a0%", "Procuración de justicia", "Publicación", "<b>12</b>", "Reportes atrasados", "171 días", "1,234,698<small>preliminar</small>", "+57.85\u00a0%<small>preliminar</small>", "respecto del año anterior (preliminar)"}},
		{"/eventos", []string{
			"1,234,698 ÷ 782,176 − 1 = +57.85\u00a0%", "59\u00a0% sería correcto con una base de entre 774,106 y 778,989", "Ruptura de la serie en 2021",
			"Donde no hay barra no hay cifra publicada: no es cero.", "≈\u00a084,000", "entre 83,500 y 84,499", "febrero de 2026", "272,826", restName, "Universos distintos", "cruza la ruptura", "enero–abril de 2024",
			`data-grafica="/graficas/eventos-anuales.json"`, "/datos/reportes/4", `href="https://example.org/noticias/mexico/se-desploman"`,
			"&lt;script&gt;alert(1)&lt;/script&gt;",
		}},
		{"/mesa", []string{"15 de diciembre de 2025", ">Sin marca<", "297", "301", "98.67\u00a0%", "74", "4.07", "no la persecución del delito"}},
		{"/indice", []string{"8.0", "de 100 en 2025", "requiere mayor progreso", "4 de 25", "no es la fórmula oficial", `href="/indice?anio=2024"`, "P1", "J1", "sello-no"}},
		{"/indice?anio=2024", []string{"12.0", "de 100 en 2024", "sello-sin_dato", "sello-si", "reporte 6", "venció el 7 de febrero de 2025", "Puntos posibles"}},
		{"/indice?anio=2024&as_of=2025-01-31", []string{"vence el 7 de febrero de 2025"}},
		{"/indicadores", []string{"eventos_irregulares", "Sin valores publicados", "/indicadores/carpetas_ley_migracion"}},
		{"/indicadores/carpetas_ley_migracion", []string{"enero–julio de 2025", "Veracruz de Ignacio de la Llave", "749", "/api/v1/indicadores/carpetas_ley_migracion.csv", "Huella de la declaración"}},
		{"/indicadores/indicador_sin_datos", []string{"No hay cifras publicadas"}},
		{"/datos", []string{"en los reportes que no se han retirado", "3 (R014: 2, R020: 1), la más antigua desde hace 9 días", "Atrasado 171 días", "<small>corrige el 4</small>", "agosto de 2025, a más tardar el 20 de septiembre de 2025", "Sin reportes", "nada &lt;b&gt;aquí&lt;/b&gt;.csv", "ninguna fila aceptada", "Rechazado", `.csv</td><td class="n">—</td><td class="n">—</td>`}},
		{"/datos/reportes/6", []string{"IDEFF.csv", "R014", "no es un número entero", "Fila en cuarentena", ">Aceptados<", "agosto de 2025", "5,000", "Carpetas de investigación por Ley de Migración"}},
		{"/datos/reportes/7", []string{`<dt>Corrige</dt><dd><a href="/datos/reportes/4">reporte 4</a><small>Cada fila`}},
		{"/datos/reportes/4", []string{`<dt>Corregido por</dt><dd><a href="/datos/reportes/7">reporte 7</a></dd>`}},
		{"/datos/reportes/5", []string{`<a href="/datos/reportes/8">reporte 8 (rechazado)</a>`}},
		{"/datos/reportes/6", []string{"cauce quarantine export --report 6 ", "A quién preguntar: SESNSP, área de estadística.", `href="/guia/sesnsp-fuero-federal"`, `href="/datos#sesnsp-fuero-federal"`}},
		{"/datos/reportes/7", []string{"entregado a Cauce, sin otra fuente"}},
		{"/mesa", []string{`<a class="boton" href="/indicadores/acuerdos_cumplidos">Ficha técnica, descargas y cómo citar</a>`}},
		{"/indicadores/acuerdos_cumplidos", []string{"Cauce, publicación 12 del 10 de marzo de 2026. ", `<a href="/indicadores/acuerdos_cumplidos?as_of_carga=9">`}},
		{"/datos/reportes/8", []string{"<dt>Con problemas</dt><dd>9</dd>", "aquel reporte sigue como estaba", "Nada de este archivo cuenta", "refused/sspc-mesa-resumen/", "<dt>Sin problemas, y no se cargaron</dt><dd>0</dd>", "<dt>Con problemas</dt><dd>9</dd>"}},
		{"/acerca", []string{"Evento", "No quiere decir que sea definitiva", "Libre Uso MX", "publicación 12 del 10 de marzo de 2026", "SSPC, área de estadística"}},
		{"/?as_of=2030-01-01", []string{"al 1 de enero de 2030 (una fecha que no ha llegado: son las publicadas hasta hoy)."}},
		{"/?lang=en", []string{"The contents of tables, notes and most definitions are in Spanish.", `<html lang="en">`, "Events", "How fresh the data are", `href="/eventos?lang=en"`, `<main id="contenido" class="ancho" tabindex="-1" lang="es">`}},
	} {
		t.Run(tt.target, func(t *testing.T) {
			w := get(t, h, tt.target)
			if w.Code != http.StatusOK || w.Header().Get("Content-Type") != typeHTML {
				t.Fatalf("%d %s", w.Code, w.Header().Get("Content-Type"))
			}
			body := w.Body.String()
			plain := html.UnescapeString(body)
			for _, text := range tt.want {
				if !strings.Contains(body, text) && (strings.Contains(text, "&") || !strings.Contains(plain, text)) {
					t.Errorf("the page lacks %q", text)
				}
			}
		})
	}
}

func TestAsOf(t *testing.T) {
	h := mustServer(t, mustHome(t)).Handler()
	home := get(t, h, "/?as_of=2020-03-01").Body.String()
	if !strings.Contains(home, "<dd>1 de 4</dd>") || strings.Contains(home, "atrasado") {
		t.Error("the start page of a past day says how fresh the datasets are now")
	}
	then := get(t, h, "/eventos?as_of=2020-03-01").Body.String()
	for _, text := range []string{
		"Cifras tal como estaban publicadas al 1 de marzo de 2020", "186,750", `data-grafica="/graficas/eventos-anuales.json?as_of=2020-03-01"`,
		`href="/mesa?as_of=2020-03-01"`, `<a href="/eventos">`, `value="2020-03-01"`,
	} {
		if !strings.Contains(then, text) {
			t.Errorf("the page lacks %q", text)
		}
	}
	for _, text := range []string{"182,940", "1,234,698"} {
		if strings.Contains(then, text) {
			t.Errorf("the page has %q, which was published later", text)
		}
	}
	if body := get(t, h, "/mesa?as_of=2025-12-31").Body.String(); !strings.Contains(body, ">297 <") || strings.Contains(body, "300") {
		t.Error("/mesa does not show the earlier cut-off")
	}
	for _, target := range []string{"/", "/eventos", "/mesa", "/indice", "/indicadores", "/indicadores/eventos_irregulares", "/datos", "/acerca"} {
		if w := get(t, h, target+"?as_of=1999-01-01"); w.Code != http.StatusOK {
			t.Errorf("%s before everything: %d", target, w.Code)
		}
	}
}

// An empty publication answers every page (a home always has a publication).
func TestEmptyPublication(t *testing.T) {
	dir := t.TempDir()
	mustPublish(t, dir, 1, "testdata/vacia.sql")
	h := mustServer(t, dir).Handler()
	for _, target := range []string{"/", "/eventos", "/mesa", "/indice", "/indicadores", "/indicadores/eventos_irregulares", "/datos", "/acerca", "/-/ready", "/metrics", "/api/v1/cargas"} {
		if w := get(t, h, target); w.Code != http.StatusOK {
			t.Errorf("%s: %d", target, w.Code)
		}
	}
}

// Lateness follows the day, not the publication.
func TestPageOfAnotherDay(t *testing.T) {
	s := mustServer(t, mustHome(t))
	now := testNow
	s.opt.Now = func() time.Time { return now }
	h := s.Handler()
	if body := get(t, h, "/datos").Body.String(); !strings.Contains(body, "171 días") {
		t.Error("not 171 days late")
	}
	now = now.AddDate(0, 0, 1)
	if body := get(t, h, "/datos").Body.String(); !strings.Contains(body, "172 días") {
		t.Error("not 172 days late on the next day")
	}
}

// A report in another form of a dataset is one of its own: neither is late.
func TestLatenessOfForms(t *testing.T) {
	dir := t.TempDir()
	mustPublish(t, dir, 12, "testdata/publicacion.sql", `UPDATE conjunto SET cadencia = '{"Every": "mes", "DueDay": 7, "MonthsAfter": 2}' WHERE id = 'upmrip-eventos'`,
		`UPDATE conjunto SET primer_periodo = DATE '2025-01-01', ultimo_periodo = DATE '2025-06-30', filas = 1 WHERE id = 'upmrip-eventos'`,
		`INSERT INTO conjunto BY NAME SELECT * REPLACE ('upmrip-boletin-311' AS id, DATE '2026-01-31' AS ultimo_periodo,
		     '{"Every": "mes", "DueDay": 7, "MonthsAfter": 2, "FormOf": "upmrip-eventos"}' AS cadencia) FROM conjunto WHERE id = 'upmrip-eventos'`,
		`INSERT INTO carga SELECT * REPLACE (9 AS carga, 10 AS reporte, 'upmrip-boletin-311' AS conjunto) FROM carga WHERE carga = 1`)
	s := mustServer(t, dir)
	h := s.Handler()
	if body := get(t, h, "/").Body.String(); strings.Contains(body, "Eventos por mes, entidad y nacionalidad") {
		t.Error("the table of events is late, though the bulletin reaches the month")
	}
	if body := get(t, h, "/datos").Body.String(); strings.Count(body, "febrero de 2026, a más tardar el 7 de abril de 2026") != 2 ||
		!strings.Contains(body, "de este conjunto o de upmrip-boletin-311") {
		t.Error("/datos does not say what is expected next of both forms")
	}
	s.opt.Now = func() time.Time { return testNow.AddDate(0, 1, 0) }
	if body := get(t, h, "/").Body.String(); strings.Count(body, "Eventos por mes, entidad y nacionalidad") != 1 {
		t.Error("two forms of one report are not late once")
	}
	// Every other place says the same.
	for page, want := range map[string]string{
		"/datos":               `<span class="sello">Otra forma de upmrip-eventos</span>`,
		"/hoja-de-ruta/UPMRIP": "febrero de 2026, a más tardar el 7 de abril de 2026",
		"/metrics":             `cauce_report_overdue_seconds{dataset="upmrip-boletin-311"} 0`,
	} {
		if !strings.Contains(get(t, h, page).Body.String(), want) {
			t.Errorf("%s lacks %q", page, want)
		}
	}
	if body := get(t, h, "/datos").Body.String(); strings.Count(body, "Atrasado 3 días") != 1 {
		t.Error("/datos does not say once that the report is late")
	}
	var api struct {
		Datasets []struct {
			ID   string `json:"id"`
			Late int    `json:"dias_de_atraso"`
		} `json:"conjuntos"`
	}
	if err := json.Unmarshal(get(t, h, "/api/v1/datasets").Body.Bytes(), &api); err != nil {
		t.Fatal(err)
	}
	for _, d := range api.Datasets {
		if d.ID == "upmrip-boletin-311" && d.Late != 0 || d.ID == "upmrip-eventos" && d.Late != 3 {
			t.Errorf("the API says that %s is %d days late", d.ID, d.Late)
		}
	}
}

// Of a question of the index every page speaks of the same year: the last one that is over.
func TestIndexYear(t *testing.T) {
	dir := t.TempDir()
	mustPublish(t, dir, 12, "testdata/publicacion.sql", `INSERT INTO detalle SELECT * REPLACE (replace(fila, '2025', '2026') AS fila) FROM detalle WHERE indicador = 'indice_informacion_tim' AND fila LIKE '%"anio":2025%'`,
		`INSERT INTO valor SELECT * REPLACE (DATE '2026-01-01' AS periodo_inicio, DATE '2026-12-31' AS periodo_fin) FROM valor WHERE indicador = 'indice_informacion_tim' AND periodo_inicio = DATE '2025-01-01'`)
	h := mustServer(t, dir).Handler()
	if !strings.Contains(get(t, h, "/datos").Body.String(), "no (2026, en curso)") {
		t.Error("/datos does not say what is known of the year that is not over")
	}
	for page, want := range map[string]string{"/datos": "no (2025)", "/indice": "de 100 en 2025", "/": "2025", "/hoja-de-ruta": "preguntas del índice de 2025"} {
		body := get(t, h, page).Body.String()
		if !strings.Contains(body, want) {
			t.Errorf("%s lacks %q", page, want)
		}
	}
}

func TestCharts(t *testing.T) {
	s := mustServer(t, mustHome(t))
	h := s.Handler()
	names := []string{"eventos-anuales", "eventos-mensuales", "nacionalidad", "condicion", "eventos-carpetas", "mesa", "indice", "indice-historia"}
	for _, d := range s.current.Load().Indicators {
		if d.ID != "indicador_sin_datos" {
			names = append(names, "indicador-"+d.ID)
		}
	}
	for _, name := range names {
		w := get(t, h, "/graficas/"+name+".json")
		var doc chartDocument
		if err := json.Unmarshal(w.Body.Bytes(), &doc); err != nil {
			t.Errorf("%s: %d %v", name, w.Code, err)
			continue
		}
		series, _ := doc.Option["series"].([]any)
		if doc.Publication != 12 || len(series) == 0 || doc.Description == "" {
			t.Errorf("%s: publication %d, %d series, description %q", name, doc.Publication, len(series), doc.Description)
		}
		if text := w.Body.String(); strings.ContainsAny(text, "<>") || strings.Contains(text, "function") {
			t.Errorf("%s carries markup or a function", name)
		}
	}
	if w := get(t, h, "/graficas/indicador-indicador_sin_datos.json"); w.Code != http.StatusNotFound {
		t.Errorf("a chart of nothing: %d", w.Code)
	}
}

// A sheet lists whole years before cumulative periods, and those before months.
func TestSheetOrder(t *testing.T) {
	body := get(t, mustServer(t, mustHome(t)).Handler(), "/indicadores/eventos_irregulares").Body.String()
	last := -1
	for _, period := range []string{">2025</th>", ">enero–abril de 2024</th>", ">enero de 2023</th>"} {
		at := strings.Index(body, period)
		if at <= last {
			t.Errorf("%s stands at %d, after %d", period, at, last)
		}
		last = at
	}
}

// Before a break the bars belong to a series of their own.
func TestAnnualChartBreak(t *testing.T) {
	h := mustServer(t, mustHome(t)).Handler()
	var doc struct {
		Option struct {
			Series []struct {
				Name string
				Data []struct{ Value any }
			}
			XAxis []struct{ Data []string }
		} `json:"opcion"`
	}
	if err := json.Unmarshal(get(t, h, "/graficas/eventos-anuales.json").Body.Bytes(), &doc); err != nil {
		t.Fatal(err)
	}
	years := doc.Option.XAxis[0].Data
	if len(years) != 11 || years[0] != "2015" || years[10] != "2025" {
		t.Fatalf("years %v", years)
	}
	before, after := doc.Option.Series[0].Data, doc.Option.Series[1].Data
	for i, want := range []struct{ before, after any }{{198141.0, "-"}, {"-", "-"}, {"-", "-"}, {131445.0, "-"}, {182940.0, "-"}, {82379.0, "-"}, {"-", 307569.0}} {
		if before[i].Value != want.before || after[i].Value != want.after {
			t.Errorf("%s: %v, %v", years[i], before[i].Value, after[i].Value)
		}
	}
}

// Of more parts than can be told apart the chart draws the largest and the others
// together; the table has each.
func TestManyParts(t *testing.T) {
	dir := t.TempDir()
	mustPublish(t, dir, 12, "testdata/publicacion.sql", `
		DELETE FROM valor WHERE indicador = 'composicion_por_nacionalidad';
		INSERT INTO valor
		SELECT 'composicion_por_nacionalidad', DATE '2024-01-01', DATE '2024-12-31', to_json({nacionalidad: 'N' || i}), to_json({nacionalidad: 'País ' || i}),
		       CASE WHEN i = 1 THEN 55.5 ELSE 0.5 END, CASE WHEN i = 1 THEN 111 ELSE 1 END, 200, 'porcentaje', 'definitivo', false, NULL, NULL, '[]', '{}',
		       DATE '2026-02-28', 'mes', '[4]', DATE '2026-02-28', NULL, 1, NULL
		FROM range(1, 61) t(i)`)
	h := mustServer(t, dir).Handler()
	var doc struct {
		Option struct {
			Series []struct{ Data []struct{ Value float64 } }
			YAxis  []struct{ Data []string }
		} `json:"opcion"`
	}
	if err := json.Unmarshal(get(t, h, "/graficas/nacionalidad.json").Body.Bytes(), &doc); err != nil {
		t.Fatal(err)
	}
	names, data := doc.Option.YAxis[0].Data, doc.Option.Series[0].Data
	if len(names) != 17 || names[15] != "Otras 45" || names[16] != restName || data[15].Value != 22.5 || data[16].Value != 15 {
		t.Errorf("names %v, values %v", names, data)
	}
	body := get(t, h, "/eventos").Body.String()
	for _, want := range []string{">País 60<", "Se dibujan las 15 partes mayores; la tabla las tiene todas."} {
		if !strings.Contains(body, want) {
			t.Errorf("/eventos lacks %q", want)
		}
	}
}

// Shares that are all zero stand on the scale of shares.
func TestZeroShares(t *testing.T) {
	dir := t.TempDir()
	mustPublish(t, dir, 12, "testdata/publicacion.sql", `UPDATE valor SET valor = 0 WHERE indicador = 'variacion_anual_eventos'`)
	var doc struct {
		Option struct{ YAxis []struct{ Max any } } `json:"opcion"`
	}
	if err := json.Unmarshal(get(t, mustServer(t, dir).Handler(), "/graficas/indicador-variacion_anual_eventos.json").Body.Bytes(), &doc); err != nil {
		t.Fatal(err)
	}
	if doc.Option.YAxis[0].Max != 100.0 {
		t.Errorf("the scale ends at %v", doc.Option.YAxis[0].Max)
	}
}

// BenchmarkPage measures a page that is already made: what a busy server does.
func BenchmarkPage(b *testing.B) {
	h := mustServer(b, mustHome(b)).Handler()
	r := httptest.NewRequest(http.MethodGet, "/eventos", nil)
	r.Header.Set("Accept-Encoding", "gzip")
	b.ReportAllocs()
	for b.Loop() {
		h.ServeHTTP(httptest.NewRecorder(), r)
	}
}

// BenchmarkNewPage measures making a page: the first request after a
// publication.
func BenchmarkNewPage(b *testing.B) {
	s := mustServer(b, mustHome(b))
	h := s.Handler()
	r := httptest.NewRequest(http.MethodGet, "/eventos", nil)
	for b.Loop() {
		s.current.Load().cache = newPageCache()
		h.ServeHTTP(httptest.NewRecorder(), r)
	}
}

// The frame of an English page is English: heads of columns, labels, captions, buttons.
// What they stand over stays as it was published.
func TestEnglish(t *testing.T) {
	h := mustServer(t, mustHome(t)).Handler()
	frame := regexp.MustCompile(`(?s)<(th scope="col"|dt|caption|summary|p class="rotulo"|a class="(?:boton|seguir)")([^>]*)>(.*?)</(?:th|dt|caption|summary|p|a)>`)
	texts := func(page string) map[string]string { // and their attributes
		out := map[string]string{}
		for _, m := range frame.FindAllStringSubmatch(get(t, h, page).Body.String(), -1) {
			out[m[3]] = m[2]
		}
		return out
	}
	names := []string{"CSV", "JSON", "XLSX", "Parquet", "Arrow", "sha256", "Variables"} // the same in both
	for _, page := range []string{"/", "/eventos", "/mesa", "/indice", "/indicadores/eventos_irregulares", "/indicadores/acuerdos_cumplidos", "/indicadores/carpetas_ley_migracion", "/datos", "/datos/reportes/6", "/datos/reportes/7", "/datos/reportes/8"} {
		spanish, english := texts(page), texts(page+"?lang=en")
		if len(english) < 5 {
			t.Errorf("%s has %d texts of the frame", page, len(english))
		}
		for text := range english {
			data := strings.ContainsAny(text, "0123456789") || strings.HasPrefix(text, "Sin el eje ") || strings.HasPrefix(text, "<") || slices.Contains(names, text)
			if _, same := spanish[text]; same && !data {
				t.Errorf("%s?lang=en says %q", page, text)
			}
		}
		for text, attributes := range spanish {
			if strings.Contains(attributes, `lang="en"`) {
				t.Errorf("%s marks %q as English", page, text)
			}
		}
	}
	if body := get(t, h, "/datos?lang=en").Body.String(); !strings.Contains(body, `<dt lang="en">Accepted records</dt>`) {
		t.Error("English among Spanish is not marked as such")
	}
}
