package acceptance

import (
	"fmt"
	"math"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
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
	for page, figure := range map[string]string{"/": "1,234,698", "/eventos": "57.85", "/mesa": "98.67"} {
		if !strings.Contains(s.get(t, page), figure) {
			t.Errorf("%s does not show %s in its HTML", page, figure)
		}
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
		if id == "indice_informacion_tim" {
			continue // its answers are "no" and "no data", which are values
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
		indicator, asOf, from, to, dimension, code string
		value, numerator, denominator              float64
	}{
		{"eventos_irregulares", "", "2024-01-01", "2024-12-31", "", "", 1234698, 1234698, none},
		{"eventos_irregulares", "", "2023-01-01", "2023-12-31", "", "", 782176, 782176, none},
		{"eventos_irregulares", "", "2022-01-01", "2022-12-31", "", "", 441409, 441409, none},
		{"eventos_irregulares", "", "2019-01-01", "2019-12-31", "", "", 182940, 182940, none},
		{"eventos_irregulares", "2020-03-01", "2019-01-01", "2019-12-31", "", "", 186750, 186750, none},
		{"variacion_anual_eventos", "", "2024-01-01", "2024-12-31", "", "", (1234698.0/782176 - 1) * 100, 1234698, 782176},
		{"acuerdos_cumplidos", "", "2025-06-03", "2025-06-03", "", "", share(297, 301), 297, 301},
		{"acuerdos_por_reunion", "", "2025-06-03", "2025-06-03", "", "", 301.0 / 74, 301, 74},
		{"carpetas_ley_migracion", "", "2023-01-01", "2023-12-31", "", "", 1000, 1000, none},
		{"carpetas_ley_migracion", "", "2024-01-01", "2024-12-31", "", "", 749, 749, none},
		{"composicion_por_condicion", "", "2024-01-01", "2024-12-31", "condicion", "presentado", share(986314, 1234698), 986314, 1234698},
		{"composicion_por_condicion", "", "2024-01-01", "2024-12-31", "condicion", "canalizado", share(248384, 1234698), 248384, 1234698},
		{"composicion_por_nacionalidad", "", "2024-01-01", "2024-12-31", "nacionalidad", "VEN", share(361203, 1234698), 361203, 1234698},
		{"composicion_por_nacionalidad", "", "2024-01-01", "2024-12-31", "nacionalidad", "ECU", share(118495, 1234698), 118495, 1234698},
		{"composicion_por_nacionalidad", "", "2024-01-01", "2024-12-31", "nacionalidad", "HND", share(90097, 1234698), 90097, 1234698},
		{"composicion_por_nacionalidad", "", "2024-01-01", "2024-12-31", "nacionalidad", "COL", share(85211, 1234698), 85211, 1234698},
		{"composicion_por_nacionalidad", "", "2024-01-01", "2024-12-31", "nacionalidad", "GTM", share(82126, 1234698), 82126, 1234698},
		{"composicion_por_nacionalidad", "", "2024-01-01", "2024-12-31", "nacionalidad", "SLV", share(77720, 1234698), 77720, 1234698},
		{"composicion_por_nacionalidad", "", "2024-01-01", "2024-12-31", "nacionalidad", "NIC", share(62349, 1234698), 62349, 1234698},
		{"composicion_por_nacionalidad", "", "2024-01-01", "2024-12-31", "nacionalidad", "CUB", share(43018, 1234698), 43018, 1234698},
		{"composicion_por_nacionalidad", "", "2024-01-01", "2024-12-31", "nacionalidad", "HTI", share(41653, 1234698), 41653, 1234698},
	}
	same := func(got *float64, want float64) bool {
		return math.IsNaN(want) && got == nil || got != nil && near(*got, want)
	}
	for _, tt := range tests {
		t.Run(fmt.Sprintf("%s/%s%s_%s", tt.indicator, tt.from, tt.code, tt.asOf), func(t *testing.T) {
			var dimensions []string
			if tt.dimension != "" {
				dimensions = []string{tt.dimension, tt.code}
			}
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
	partial := s.indicator(t, "carpetas_ley_migracion", "").must(t, "2025-01-01", "2025-07-31")
	if partial.Attributes["parcial"] != true || len(partial.Notes) == 0 || !strings.Contains(partial.Notes[0], "enero a julio") {
		t.Errorf("2025 is not marked as January to July: %s", partial)
	}
	if v := s.indicator(t, "carpetas_ley_migracion", "").year(2025); v != nil {
		t.Errorf("a whole 2025 is not known yet: %s", v)
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
