package acceptance

import (
	"fmt"
	"math"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// near tells that two figures are the same but for the last bits of a quotient.
func near(a, b float64) bool { return math.Abs(a-b) <= 1e-9*math.Max(1, math.Abs(b)) }

func TestServe_firstStartSeeds(t *testing.T) {
	s := mustFirst(t)
	if !strings.Contains(s.out.String(), "first start") {
		t.Error("serve did not say that it fills an empty home")
	}
	loads := s.loads(t, "")
	shipped, err := filepath.Glob("../data/reports/*/*.csv")
	if err != nil {
		t.Fatal(err)
	}
	if len(loads) != len(shipped) || len(loads) == 0 {
		t.Errorf("%d loads of %d shipped reports", len(loads), len(shipped))
	}
	for _, l := range loads {
		if l.Outcome != "aceptado" || l.Quarantined != 0 {
			t.Errorf("shipped report %s: %+v", l.File, l)
		}
	}
	for _, page := range []string{"/", "/eventos", "/mesa", "/indice", "/indicadores", "/datos", "/acerca"} {
		s.get(t, page)
	}
	for page, figures := range map[string][]string{
		"/": {"1,234,698"}, "/eventos": {"57.85", "y por condición suman 307,769"}, "/mesa": {"98.67"},
		"/procuracion":         {">749<", "−25.10", "4,707", "2,286", "1,653", ">475<", "32.8\u00a0%"},
		"/plan":                {"Guía para documentar y medir", "sin dato", "27 de noviembre de 2025", "5/SO-3", "Sin dato", "venció hace"},
		"/rutas":               {"Veracruz", "Tamaulipas", "Oaxaca", "San Luis Potosí", "Sin dato"},
		"/publicaciones":       {"Perfiles de personas involucradas"},
		"/hoja-de-ruta":        {"UPMRIP", "Preguntas sin «sí»", "CEAV", "Comisión Ejecutiva de Atención a Víctimas"},
		"/hoja-de-ruta/CEAV":   {"Víctimas de delitos conexos atendidas", "gttim-acciones", "4.0"},
		"/guia":                {"cauce check ARCHIVO", "upmrip-eventos", "/guia/sspc-mesa-resumen.xlsx"},
		"/guia/upmrip-eventos": {"número entero, sin separador de miles", "R014", "Antes de enviarlo"},
		"/indice":              {"Solo entre preguntas respondidas", "Sin el eje"},
		"/conciliacion":        {"&#43;803,282", "1,393,683", "&#43;200", "&#43;6<", "774,106", "465,191", "Sin explicación publicada"},
	} {
		body := s.get(t, page)
		for _, figure := range figures {
			if !strings.Contains(body, figure) {
				t.Errorf("%s does not show %s in its HTML", page, figure)
			}
		}
	}
	for page, texts := range map[string][]string{
		"/eventos":                 {`>2025</th><td class="n">155,730</td><td class="n">—</td>`}, // events of a year whose case files are not over
		"/indice":                  {">2022</th>", `<td class="d">agosto de 2022</td>`},          // published then, decided by a deadline in 2023
		"/indicadores":             {"<span>12 cifras</span><span>2021</span>"},                  // none of the funnel's counts stands for it
		"/guia/upmrip-boletin-311": {">UB01<"},
		"/guia/upmrip-eventos":     {">Mal</th>", ">Bien</th>"},
		"/guia/gttim-acuerdos": {"texto: el número de la sesión, /SO, un guion y el número del acuerdo sin ceros a la izquierda<", // words, and apart:
			`<summary>Para quien escribe programas</summary>`, "^[0-9]&#43;/SO-[1-9][0-9]*$"},
		"/indicadores/composicion_por_nacionalidad": {"La gráfica muestra: 2024."},
	} {
		body := s.get(t, page)
		for _, text := range texts {
			if !strings.Contains(body, text) {
				t.Errorf("%s lacks %s", page, text)
			}
		}
	}
	for page, text := range map[string]string{
		"/plan": "sin asignar", "/publicaciones": "sin asignar", // nobody said that there is none
		"/indice": "7 de febrero de 2023.", "/conciliacion": "De 0 ", "/guia/upmrip-boletin-311": "mes, 2031",
		"/indicadores/embudo_procuracion": "data-grafica", "/indicadores/conciliacion_fuentes": "data-grafica", // no scale fits persons and case files
	} {
		if strings.Contains(s.get(t, page), text) {
			t.Errorf("%s shows %q", page, text)
		}
	}
	// What was said shows from the day on which it was, whether or not a report was published then.
	for day, want := range map[string]bool{"2024-06-16": false, "2024-06-17": true, "2024-06-30": true} {
		if got := strings.Contains(s.get(t, "/conciliacion?as_of="+day), "1,393,683 personas migrantes"); got != want {
			t.Errorf("what the INM said on 17 June 2024, as of %s: %t", day, got)
		}
	}
	if c := s.get(t, "/hoja-de-ruta/CEAV.csv"); !strings.Contains(c, "CEAV,20") || !strings.Contains(c, ",A3,") {
		t.Errorf("the road map as CSV:\n%s", c)
	}
	if c := s.get(t, "/hoja-de-ruta/CEAV.xlsx"); !strings.HasPrefix(c, "PK") {
		t.Error("the road map as a workbook is none")
	}
	if c := s.get(t, "/guia/sspc-mesa-resumen.md"); !strings.Contains(c, "| fecha\\_corte (") || !strings.Contains(c, "## Reglas de todo archivo") {
		t.Errorf("the guide as Markdown:\n%s", c)
	}
	if words, programs, _ := strings.Cut(s.get(t, "/guia/gttim-acuerdos.md"), "## Para programas"); !strings.Contains(words, "el número de la sesión, /SO,") || strings.Contains(words, "[1-9]") || !strings.Contains(programs, `/SO-\[1-9\]`) {
		t.Errorf("the guide as Markdown:\n%s\n%s", words, programs)
	}
	if c := s.get(t, "/guia/sspc-mesa-resumen.csv"); !strings.Contains(c, "fecha_corte,reuniones,acuerdos") {
		t.Errorf("the empty file: %q", c)
	}
	if c := s.get(t, "/guia/sspc-mesa-resumen.xlsx"); !strings.HasPrefix(c, "PK") {
		t.Error("the empty workbook is none")
	}
	if c := s.get(t, "/plan/sesiones.ics"); strings.Count(c, "BEGIN:VEVENT") != 4 || !strings.Contains(c, "DTSTART;VALUE=DATE:20251127") {
		t.Errorf("the calendar does not hold the four sessions:\n%s", c)
	}
}

func TestServe_withoutSeedIsEmptyAndReady(t *testing.T) {
	s := mustServe(t, filepath.Join(t.TempDir(), "home"), "--no-seed")
	if code, _, err := fetch(s.url + "/-/ready"); err != nil || code != http.StatusOK {
		t.Errorf("/-/ready: %d, %v", code, err)
	}
	if code, _, err := fetch(s.url + "/-/healthy"); err != nil || code != http.StatusOK {
		t.Errorf("/-/healthy: %d, %v", code, err)
	}
	ids := s.indicators(t)
	if len(ids) < 8 {
		t.Errorf("indicators: %v", ids)
	}
	for _, id := range ids {
		if slices.Contains([]string{"indice_informacion_tim", "oportunidad_reportes", "completitud_reportes"}, id) {
			continue // "no", "no data" and "0 of 12 expected" are values
		}
		if !strings.Contains(s.get(t, "/api/v1/indicadores/"+id), `"valores":[]`) {
			t.Errorf("%s has values in an empty home", id)
		}
	}
	if n := len(s.loads(t, "")); n != 0 {
		t.Errorf("%d loads in an empty home", n)
	}
}

// The figures of the mission, each worked out by hand from its source.
func TestFigures(t *testing.T) {
	s := mustFirst(t)
	share := func(n, d float64) float64 { return n / d * 100 }
	none := math.NaN()
	tests := []struct {
		indicator, asOf, from, to, dimensions string
		value, numerator, denominator         float64
	}{
		{"eventos_irregulares", "", "2024-01-01", "2024-12-31", "", 1234698, 1234698, none},
		{"eventos_irregulares", "", "2023-01-01", "2023-12-31", "", 782176, 782176, none},
		{"eventos_irregulares", "", "2022-01-01", "2022-12-31", "", 441409, 441409, none},
		{"eventos_irregulares", "", "2019-01-01", "2019-12-31", "", 182940, 182940, none},
		{"eventos_irregulares", "2020-03-01", "2019-01-01", "2019-12-31", "", 186750, 186750, none},
		{"variacion_anual_eventos", "", "2024-01-01", "2024-12-31", "", (1234698.0/782176 - 1) * 100, 1234698, 782176},
		{"acuerdos_cumplidos", "", "2025-06-03", "2025-06-03", "", share(297, 301), 297, 301},
		{"acuerdos_por_reunion", "", "2025-06-03", "2025-06-03", "", 301.0 / 74, 301, 74},
		{"carpetas_ley_migracion", "", "2023-01-01", "2023-12-31", "", 1000, 1000, none},
		{"carpetas_ley_migracion", "", "2024-01-01", "2024-12-31", "", 749, 749, none},
		{"composicion_por_condicion", "", "2024-01-01", "2024-12-31", "condicion=presentado", share(986314, 1234698), 986314, 1234698},
		{"composicion_por_condicion", "", "2024-01-01", "2024-12-31", "condicion=canalizado", share(248384, 1234698), 248384, 1234698},
		{"composicion_por_nacionalidad", "", "2024-01-01", "2024-12-31", "nacionalidad=VEN", share(361203, 1234698), 361203, 1234698},
		{"composicion_por_nacionalidad", "", "2024-01-01", "2024-12-31", "nacionalidad=ECU", share(118495, 1234698), 118495, 1234698},
		{"composicion_por_nacionalidad", "", "2024-01-01", "2024-12-31", "nacionalidad=HND", share(90097, 1234698), 90097, 1234698},
		{"composicion_por_nacionalidad", "", "2024-01-01", "2024-12-31", "nacionalidad=COL", share(85211, 1234698), 85211, 1234698},
		{"composicion_por_nacionalidad", "", "2024-01-01", "2024-12-31", "nacionalidad=GTM", share(82126, 1234698), 82126, 1234698},
		{"composicion_por_nacionalidad", "", "2024-01-01", "2024-12-31", "nacionalidad=SLV", share(77720, 1234698), 77720, 1234698},
		{"composicion_por_nacionalidad", "", "2024-01-01", "2024-12-31", "nacionalidad=NIC", share(62349, 1234698), 62349, 1234698},
		{"composicion_por_nacionalidad", "", "2024-01-01", "2024-12-31", "nacionalidad=CUB", share(43018, 1234698), 43018, 1234698},
		{"composicion_por_nacionalidad", "", "2024-01-01", "2024-12-31", "nacionalidad=HTI", share(41653, 1234698), 41653, 1234698},
		{"variacion_anual_eventos", "", "2025-01-01", "2025-12-31", "", (155730.0/1234698 - 1) * 100, 155730, 1234698},
		{"variacion_anual_eventos", "", "2023-01-01", "2023-12-31", "", (782176.0/441409 - 1) * 100, 782176, 441409},
		{"eventos_irregulares", "2024-07-31", "2024-01-01", "2024-04-30", "", 481025, 481025, none},
		{"eventos_irregulares", "2025-06-29", "2024-01-01", "2024-04-30", "", 481025, 481025, none},
		{"eventos_irregulares", "2025-06-30", "2024-01-01", "2024-04-30", "", 465191, 465191, none},
		{"eventos_irregulares", "2020-01-31", "2018-01-01", "2018-12-31", "", 138612, 138612, none},
		{"eventos_irregulares", "", "2018-01-01", "2018-12-31", "", 131445, 131445, none},
		{"eventos_irregulares", "2025-12-31", "2025-01-01", "2025-01-31", "", 63457, 63457, none},
		{"eventos_irregulares", "", "2025-01-01", "2025-01-31", "", 64281, 64281, none},
		{"eventos_irregulares", "2025-12-31", "2025-02-01", "2025-02-28", "", 24327, 24327, none},
		{"eventos_irregulares", "", "2025-02-01", "2025-02-28", "", 24359, 24359, none},
		{"composicion_por_entidad", "", "2025-01-01", "2025-12-31", "entidad=27", share(78311, 155730), 78311, 155730},
		{"composicion_por_sexo_edad", "", "2024-01-01", "2024-07-31", "sexo=mujer", share(263846, 828505), 263846, 828505},
		{"embudo_procuracion", "", "2018-12-01", "2022-08-31", "etapa=iniciadas,unidad=carpetas", 4707, 4707, none},
		{"embudo_procuracion", "", "2018-12-01", "2022-08-31", "etapa=judicializadas,unidad=personas", 2286, 2286, none},
		{"embudo_procuracion", "", "2018-12-01", "2022-08-31", "etapa=vinculadas,unidad=personas", 1653, 1653, none},
		{"embudo_procuracion", "", "2018-12-01", "2022-08-31", "etapa=sentenciadas,unidad=personas", 475, 475, none},
		{"embudo_procuracion", "", "2021-01-01", "2021-12-31", "etapa=judicializadas,unidad=carpetas", 494, 494, none},
		{"denuncias_tim", "", "2016-01-01", "2022-11-30", "", share(1849, 5638), 1849, 5638},
		{"carpetas_ley_migracion", "2023-01-31", "2021-01-01", "2021-12-31", "", 1680, 1680, none},
		{"conciliacion_fuentes", "", "2024-01-01", "2024-05-31", "conciliacion=inm_upmrip_2024_ene_may", 803282, 1393683, 590401},
		{"conciliacion_fuentes", "", "2021-01-01", "2021-12-31", "conciliacion=fgr_cndh_sesnsp_2021", 3, 1684, 1681},
		{"conciliacion_fuentes", "", "2021-01-01", "2021-12-31", "conciliacion=sesnsp_2021_vigencias", -1, 1680, 1681},
		{"conciliacion_fuentes", "", "2018-12-01", "2022-08-31", "conciliacion=fgr_sesnsp_dic2018_ago2022", -141, 4707, 4848},
		{"conciliacion_fuentes", "", "2021-01-01", "2021-12-31", "conciliacion=partes_condicion,serie=upmrip_eventos_smi", 200, 307769, 307569},
		{"conciliacion_fuentes", "", "2025-01-01", "2025-06-30", "conciliacion=partes_periodos,serie=upmrip_eventos_smi", 6, 119189, 119183},
		{"magnitud_revisiones", "", "2024-01-01", "2024-04-30", "conjunto=cifras-publicadas,serie=upmrip_eventos_smi", (465191.0/481025 - 1) * 100, 465191, 481025},
		{"magnitud_revisiones", "", "2018-01-01", "2018-12-31", "conjunto=cifras-publicadas,serie=upmrip_eventos_smi", (131445.0/138612 - 1) * 100, 131445, 138612},
	}
	same := func(got *float64, want float64) bool {
		return math.IsNaN(want) && got == nil || got != nil && near(*got, want)
	}
	for _, tt := range tests {
		t.Run(fmt.Sprintf("%s/%s%s_%s", tt.indicator, tt.from, tt.dimensions, tt.asOf), func(t *testing.T) {
			dimensions := strings.FieldsFunc(tt.dimensions, func(r rune) bool { return r == '=' || r == ',' })
			v := s.indicator(t, tt.indicator, tt.asOf).must(t, tt.from, tt.to, dimensions...)
			if !same(v.Value, tt.value) || !same(v.Numerator, tt.numerator) || !same(v.Denominator, tt.denominator) {
				t.Errorf("got %s", v)
			}
			if len(v.Reports) == 0 {
				t.Error("no report behind the figure")
			}
		})
	}
	events := s.indicator(t, "eventos_irregulares", "")
	if v := events.year(2016); v != nil {
		t.Errorf("2016 was never published: %s", v)
	}
	if v := events.year(2024); v != nil && v.Status != "preliminar" {
		t.Errorf("2024 is %s, its sheet says preliminary", v.Status)
	}
	if v := events.year(2019); v != nil && v.Status != "revisado" {
		t.Errorf("2019 was revised: %s", v)
	}
	if v := s.indicator(t, "variacion_anual_eventos", "").year(2021); v != nil && !v.Break {
		t.Errorf("2021 on 2020 crosses a break: %s", v)
	}
	for _, id := range []string{"avance_plan_trabajo", "acuerdos_gttim_en_tiempo"} {
		if v := s.indicator(t, id, "").year(2025); v == nil || v.Value != nil || v.Status != "faltante" || v.Attributes["sin_dato"] == 0.0 {
			t.Errorf("%s: what nobody told is no figure: %s", id, v)
		}
	}
	partial := s.indicator(t, "carpetas_ley_migracion", "").must(t, "2025-01-01", "2025-07-31")
	if partial.Attributes["parcial"] != true || len(partial.Notes) == 0 || !strings.Contains(partial.Notes[0], "enero a julio") {
		t.Errorf("2025 is not marked as January to July: %s", partial)
	}
	if v := s.indicator(t, "carpetas_ley_migracion", "").year(2025); v != nil {
		t.Errorf("a whole 2025 is not known yet: %s", v)
	}
}

// The same figures as people quote them, each as its page and its sheet round it.
func TestFigures_asQuoted(t *testing.T) {
	s := mustFirst(t)
	for _, tt := range []struct {
		indicator, from, to, dimensions, format, quoted string
	}{
		{"composicion_por_condicion", "2024-01-01", "2024-12-31", "condicion=presentado", "%.2f", "79.88"},
		{"composicion_por_condicion", "2024-01-01", "2024-12-31", "condicion=canalizado", "%.2f", "20.12"},
		{"composicion_por_nacionalidad", "2024-01-01", "2024-12-31", "nacionalidad=VEN", "%.2f", "29.25"},
		{"variacion_anual_eventos", "2023-01-01", "2023-12-31", "", "%+.2f", "+77.20"},
		{"variacion_anual_eventos", "2024-01-01", "2024-12-31", "", "%+.2f", "+57.85"},
		{"variacion_anual_eventos", "2025-01-01", "2025-12-31", "", "%+.2f", "-87.39"},
		{"acuerdos_cumplidos", "2025-06-03", "2025-06-03", "", "%.2f", "98.67"},
		{"acuerdos_por_reunion", "2025-06-03", "2025-06-03", "", "%.2f", "4.07"},
		{"denuncias_tim", "2016-01-01", "2022-11-30", "", "%.1f", "32.8"},
		{"conciliacion_fuentes", "2024-01-01", "2024-05-31", "conciliacion=inm_upmrip_2024_ene_may", "%.0f", "803282"},
	} {
		dimensions := strings.FieldsFunc(tt.dimensions, func(r rune) bool { return r == '=' || r == ',' })
		v := s.indicator(t, tt.indicator, "").must(t, tt.from, tt.to, dimensions...)
		if got := fmt.Sprintf(tt.format, *v.Value); got != tt.quoted {
			t.Errorf("%s of %s %s is quoted as %s: %s", tt.indicator, tt.from, tt.dimensions, tt.quoted, got)
		}
	}
	files := s.indicator(t, "carpetas_ley_migracion", "")
	before, after := files.year(2023), files.year(2024)
	if change := fmt.Sprintf("%.1f", (*after.Value / *before.Value - 1)*100); change != "-25.1" {
		t.Errorf("case files changed by %s %%", change)
	}
	flagged := s.indicator(t, "variacion_anual_eventos", "")
	for _, v := range flagged.Values {
		if v.Break != (v.From == "2021-01-01") {
			t.Errorf("a break is at 2021 and nowhere else: %s", &v)
		}
	}
}

func TestIndex_hasAxesTotalBandAndAnswered(t *testing.T) {
	s := mustFirst(t)
	index := s.indicator(t, "indice_informacion_tim", "")
	for year := 2019; year <= 2025; year++ {
		total := index.year(year)
		if total == nil || total.Value == nil {
			t.Fatalf("no total for %d", year)
		}
		sum := 0.0
		for _, axis := range axes {
			v := index.year(year, "eje", axis)
			if v == nil || v.Value == nil || v.Denominator == nil || *v.Denominator != 5 {
				t.Fatalf("%d, %s: %v", year, axis, v)
			}
			sum += *v.Value
		}
		if !near(*total.Value, sum/5) {
			t.Errorf("%d: the total %v is not the mean of the axes, %v", year, *total.Value, sum/5)
		}
		if total.Attributes["preguntas"] != 25.0 || total.Attributes["banda"] == "" || total.Attributes["respondidas_porcentaje"] == nil {
			t.Errorf("%d: %v", year, total.Attributes)
		}
	}
}

// Every report behind any figure resolves to a file, its hash, source, dates and
// counts, and the archive holds those bytes.
func TestReports_resolve(t *testing.T) {
	s := mustFirst(t)
	hash := regexp.MustCompile(`(?m)^sha256: +([0-9a-f]{64})$`)
	known := map[int]string{}
	for _, l := range s.loads(t, "") {
		known[l.Report] = l.SHA256
	}
	wanted := map[int]bool{}
	for _, id := range s.indicators(t) {
		for _, v := range s.indicator(t, id, "").Values {
			for _, r := range v.Reports {
				wanted[r] = true
			}
		}
	}
	if len(wanted) < 10 {
		t.Fatalf("only %d reports stand behind the figures", len(wanted))
	}
	for r := range wanted {
		out := cauce(t, 0, "report", fmt.Sprint(r), "--dir", s.home).stdout
		m := hash.FindStringSubmatch(out)
		if m == nil || m[1] != known[r] {
			t.Errorf("report %d has no hash, or not that of the API:\n%s", r, out)
			continue
		}
		if _, err := os.Stat(filepath.Join(s.home, "archive", m[1])); err != nil {
			t.Error(err)
		}
		for _, line := range []string{"archivo", "fuente", "recibido", "publicado", "registros", "contrato", "programa"} {
			if !regexp.MustCompile(`(?m)^` + line + `: +\S`).MatchString(out) {
				t.Errorf("report %d does not say its %s:\n%s", r, line, out)
			}
		}
	}
}
