package acceptance

import (
	"encoding/csv"
	"html"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/gttim/cauce/data"
)

var (
	unseen = regexp.MustCompile(`(?s)<(script|style|template|noscript)\b.*?</(script|style|template|noscript)>`)
	tag    = regexp.MustCompile(`<[^>]*>`)
	space  = regexp.MustCompile(`[\s\x{00a0}\x{202f}]+`)
)

// visible is what a page says to who reads it without scripts.
func visible(page string) string {
	text := tag.ReplaceAllString(unseen.ReplaceAllString(page, " "), " ")
	return space.ReplaceAllString(html.UnescapeString(text), " ")
}

// mexican writes a number as es-MX does, with its decimals: 1,234,698 and −87.39.
func mexican(x float64, decimals int) string {
	whole, fraction, _ := strings.Cut(strconv.FormatFloat(x, 'f', decimals, 64), ".")
	digits, negative := strings.CutPrefix(whole, "-")
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	if fraction != "" {
		digits += "." + fraction
	}
	if negative {
		return "−" + digits
	}
	return digits
}

// inWords is a day as the pages write it.
func inWords(t *testing.T, day string) string {
	t.Helper()
	months := []string{"enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"}
	m, err := strconv.Atoi(day[5:7])
	if err != nil {
		t.Fatal(err)
	}
	return months[m-1] + " de " + day[:4]
}

// sourced is a load's report as the list of loads gives it.
type sourced struct {
	Report  int    `json:"reporte"`
	Dataset string `json:"conjunto"`
	Source  string `json:"fuente"`
	Day     string `json:"publicado_en"`
}

// Each system that the minutes name has a page, which shows the figures that the
// API gives, with their source and date, in the HTML as served.
func TestPages_showWhatTheAPIGives(t *testing.T) {
	s := mustFirst(t)
	reports := map[int]sourced{}
	for _, l := range decode[struct {
		All []sourced `json:"cargas"`
	}](t, s.get(t, "/api/v1/cargas")).All {
		reports[l.Report] = l
	}
	wholeYear := func(v value) bool {
		return len(v.Dimensions) == 0 && strings.HasSuffix(v.From, "-01-01") && v.To == v.From[:4]+"-12-31"
	}
	total := func(v value) bool { return len(v.Dimensions) == 0 }
	every := func(value) bool { return true }
	of := func(name, code string) func(value) bool {
		return func(v value) bool { return v.Dimensions[name] == code && len(v.Dimensions) == 1 }
	}
	tests := []struct {
		page, indicator string
		shown           func(value) bool
		parts           bool // numerator and denominator too
		least           int  // figures that the page has to have
	}{
		{"/", "eventos_irregulares", func(v value) bool { return wholeYear(v) && v.From == "2025-01-01" }, false, 1},
		{"/eventos", "eventos_irregulares", wholeYear, false, 8},
		{"/eventos", "variacion_anual_eventos", every, true, 6},
		{"/eventos", "composicion_por_condicion", func(v value) bool { return v.From == "2024-01-01" && v.To == "2024-12-31" }, false, 2},
		{"/eventos", "composicion_por_nacionalidad", func(v value) bool { return v.From == "2024-01-01" && v.To == "2024-12-31" }, false, 9},
		{"/mesa", "acuerdos_cumplidos", every, true, 1},
		{"/mesa", "acuerdos_por_reunion", every, true, 1},
		{"/indice?anio=2022", "indice_informacion_tim", func(v value) bool { return v.From == "2022-01-01" }, false, 6},
		{"/procuracion", "carpetas_ley_migracion", wholeYear, false, 13},
		{"/procuracion", "embudo_procuracion", func(v value) bool { return v.To == "2022-08-31" && v.Dimensions["entidad"] == "" }, false, 6},
		{"/procuracion", "denuncias_tim", total, true, 3},
		{"/plan", "sesiones_gttim", every, false, 1},
		{"/conciliacion", "conciliacion_fuentes", func(v value) bool { return of("conciliacion", v.Dimensions["conciliacion"])(v) }, true, 4},
	}
	for _, tt := range tests {
		t.Run(strings.Trim(tt.page, "/")+"/"+tt.indicator, func(t *testing.T) {
			raw := s.get(t, tt.page)
			text := visible(raw)
			d := decode[struct {
				Decimals int `json:"decimales"`
			}](t, s.get(t, "/api/v1/indicadores/"+tt.indicator))
			n := 0
			for _, v := range s.indicator(t, tt.indicator, "").Values {
				if !tt.shown(v) || v.Value == nil {
					continue
				}
				n++
				figures := []string{mexican(*v.Value, d.Decimals)}
				if tt.parts {
					figures = append(figures, mexican(*v.Numerator, 0), mexican(*v.Denominator, 0))
				}
				for _, figure := range figures {
					if !strings.Contains(text, figure) {
						t.Errorf("%s does not show %s of %s", tt.page, figure, &v)
					}
				}
				if month := inWords(t, v.Vintage); len(v.Reports) > 0 && !strings.Contains(text, month) {
					t.Errorf("%s does not say when it was published, %s: %s", tt.page, month, &v)
				}
				for _, r := range v.Reports {
					if tt.page != "/" && !strings.Contains(raw, "/datos/reportes/"+strconv.Itoa(r)) {
						t.Errorf("%s does not lead to report %d", tt.page, r)
					}
				}
			}
			if n < tt.least {
				t.Errorf("%d figures to look for", n)
			}
		})
	}
	shipped := func(dataset, name string) []string {
		var out []string
		names, err := filepath.Glob("../data/reports/" + dataset + "/*.csv")
		if err != nil || len(names) == 0 {
			t.Fatal(names, err)
		}
		for _, file := range names {
			out = append(out, column(t, file, name)...)
		}
		return out
	}
	for page, wants := range map[string][]string{
		"/plan": slices.Concat(shipped("gttim-plan-trabajo", "accion"), shipped("gttim-plan-trabajo", "texto"), sessionNames(t, shipped("gttim-sesiones", "sesion")),
			shipped("gttim-acuerdos", "acuerdo"), shipped("gttim-acuerdos", "texto"), []string{"capacitaciones", "Estrategia de difusión"}),
		"/rutas":         shipped("oim-rutas-proteccion", "entidad"),
		"/publicaciones": shipped("gttim-publicaciones", "titulo"),
		"/hoja-de-ruta":  strings.FieldsFunc(strings.Join(column(t, "../data/reference/preguntas.csv", "responsables"), "|"), func(r rune) bool { return r == '|' }),
		"/guia":          datasetIDs(t),
		"/datos":         datasetIDs(t),
	} {
		text := visible(s.get(t, page))
		for _, want := range wants {
			if !strings.Contains(text, space.ReplaceAllString(want, " ")) {
				t.Errorf("%s does not show %q", page, want)
			}
		}
	}
	for page, dataset := range map[string]string{"/eventos": "cifras-publicadas", "/mesa": "sspc-mesa-resumen", "/procuracion": "fgr-embudo", "/plan": "gttim-plan-trabajo",
		"/rutas": "oim-rutas-proteccion", "/publicaciones": "gttim-publicaciones", "/conciliacion": "cifras-publicadas"} {
		raw := s.get(t, page)
		text, named := visible(raw), 0
		for _, r := range reports {
			if r.Dataset == dataset && strings.Contains(raw, "/datos/reportes/"+strconv.Itoa(r.Report)) && (strings.Contains(text, r.Source) || strings.Contains(html.UnescapeString(raw), r.Source)) {
				named++
			}
		}
		if named == 0 || !strings.Contains(text, "Fuente") {
			t.Errorf("%s does not name the source of a report of %s", page, dataset)
		}
	}
	newest := ""
	for _, r := range reports {
		newest = max(newest, r.Day)
	}
	if text, want := visible(s.get(t, "/")), "Fuente más reciente "+inWords(t, newest); !strings.Contains(text, want) {
		t.Errorf("/ does not say %q, the date of the newest report", want)
	}
	for _, v := range s.indicator(t, "indice_informacion_tim", "").Values {
		if v.From == "2025-01-01" && len(v.Reports) > 0 {
			t.Fatalf("a report answers for 2025: %s", &v)
		}
	}
	const due = "7 de febrero de 2026"
	if text := visible(s.get(t, "/indice?anio=2025")); strings.Contains(strings.NewReplacer("vence el "+due, "", "venció el "+due, "").Replace(text), due) {
		t.Error("/indice calls a deadline the day of a publication")
	}
	for page, want := range map[string]string{"/hoja-de-ruta/FGR": "fgr-embudo", "/guia/upmrip-eventos": "R014", "/indice": "Construcción propia"} {
		if text := visible(s.get(t, page)); !strings.Contains(text, want) {
			t.Errorf("%s does not show %q", page, want)
		}
	}
}

// The metric of an indicator is its total of the longest period that ends last.
func TestPages_metricsAgree(t *testing.T) {
	s := mustFirst(t)
	found, today := 0, data.Day(time.Now()).Format(time.DateOnly)
	for _, id := range s.indicators(t) {
		var last *value // of the periods that are over or, where none is, of all
		for _, v := range s.indicator(t, id, "").Values {
			over := last == nil || last.To >= today && v.To < today || (last.To >= today) == (v.To >= today) && (v.To > last.To || v.To == last.To && v.From < last.From)
			if len(v.Dimensions) == 0 && v.Value != nil && over {
				last = &v
			}
		}
		got := s.metric(t, `cauce_indicator_value{indicator="`+id+`"}`)
		if last == nil || last.Value == nil {
			if got != "" {
				t.Errorf("%s has no total, its metric is %s", id, got)
			}
			continue
		}
		found++
		if n, err := strconv.ParseFloat(got, 64); err != nil || n != *last.Value {
			t.Errorf("%s: the metric is %q, the API gives %s", id, got, last)
		}
	}
	if found < 8 {
		t.Errorf("only %d indicators have a total", found)
	}
}

// column is one column of a CSV file, without its empty cells.
func column(t *testing.T, file, name string) []string {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	at := slices.Index(rows[0], name)
	var out []string
	for _, r := range rows[1:] {
		if r[at] != "" {
			out = append(out, r[at])
		}
	}
	return out
}

// sessionNames gives the names of sessions by their codes.
func sessionNames(t *testing.T, codes []string) []string {
	t.Helper()
	const table = "../data/reference/sesiones.csv"
	known, names := column(t, table, "codigo"), column(t, table, "nombre")
	var out []string
	for _, c := range codes {
		out = append(out, names[slices.Index(known, c)])
	}
	return out
}

// datasetIDs lists the declared datasets.
func datasetIDs(t *testing.T) []string {
	t.Helper()
	names, err := filepath.Glob("../data/datasets/*/contract.yml")
	if err != nil || len(names) < 10 {
		t.Fatal(names, err)
	}
	for i, n := range names {
		names[i] = filepath.Base(filepath.Dir(n))
	}
	return names
}
