package acceptance

import (
	"path/filepath"
	"strings"
	"testing"
)

// Fault 49: what a source suppresses is neither zero nor missing, and no sum passes over it,
// though the indicator's SQL is a plain sum: API, exports, pages and trace say so.
func TestSuppressedAtSource(t *testing.T) {
	declared, err := filepath.Abs("testdata/suppressed")
	if err != nil {
		t.Fatal(err)
	}
	cauce(t, 0, "datasets", "test", "oim-apoyos-prueba", "oim-ancho-prueba", "--declarations", declared)
	cauce(t, 0, "indicators", "test", "apoyos_prueba", "--declarations", declared)
	home := mustBlank(t)
	first := mustWrite(t, t.TempDir(), "primero.csv", "mes,entidad,apoyos,programa\n2025-01,Chiapas,41,A\n2025-01,Tabasco,*,A\n2025-01,Oaxaca,0,A\n2025-02,Chiapas,n.d.,A\n")
	cauce(t, 0, "ingest", "--dir", home, "--declarations", declared, "--dataset", "oim-apoyos-prueba", "--published", "2025-03-01", first)
	// A delivery that resends Oaxaca alone leaves what is suppressed suppressed.
	second := mustWrite(t, t.TempDir(), "segundo.csv", "mes,entidad,apoyos,programa\n2025-01,Oaxaca,3,A\n")
	cauce(t, 0, "ingest", "--dir", home, "--declarations", declared, "--dataset", "oim-apoyos-prueba", "--published", "2025-03-02", "--corrects", "1", second)
	s := mustServe(t, home, "--declarations", declared)
	t.Run("49 suppressed, missing and zero stay apart", func(t *testing.T) {
		for _, tt := range []struct {
			from, to, entity, status string
			value                    *float64
		}{
			{"2025-01-01", "2025-01-31", "", "suprimido", nil},
			{"2025-01-01", "2025-01-31", "07", "definitivo", number(41)},
			{"2025-01-01", "2025-01-31", "27", "suprimido", nil},
			{"2025-01-01", "2025-01-31", "20", "definitivo", number(3)},
			{"2025-02-01", "2025-02-28", "", "faltante", nil},
			{"2025-02-01", "2025-02-28", "07", "faltante", nil},
		} {
			var dims []string
			if tt.entity != "" {
				dims = []string{"entidad", tt.entity}
			}
			v := s.indicator(t, "apoyos_prueba", "").find(tt.from, tt.to, dims...)
			if v == nil || v.Status != tt.status || (v.Value == nil) != (tt.value == nil) || v.Value != nil && *v.Value != *tt.value {
				t.Errorf("%q: %s", tt.entity, v)
			}
		}
		csv := s.get(t, "/api/v1/indicadores/apoyos_prueba.csv")
		if n := strings.Count(csv, "suprimido"); n != 2 {
			t.Errorf("the export has %d suppressed figures:\n%s", n, csv)
		}
		page := s.get(t, "/indicadores/apoyos_prueba")
		if !strings.Contains(page, "Suprimid") || !strings.Contains(page, "La fuente suprimió") {
			t.Error("the page does not say what is suppressed")
		}
		trace := cauce(t, 0, "trace", "apoyos_prueba", "--period", "2025-01", "--dir", home, "--declarations", declared).stdout
		if !strings.Contains(trace, "sin valor") || !strings.Contains(trace, "estado:       Suprimido") {
			t.Errorf("trace:\n%s", trace)
		}
		if report := cauce(t, 0, "report", "1", "--dir", home).stdout; !strings.Contains(report, "R036") {
			t.Errorf("report:\n%s", report)
		}
		cauce(t, 0, "verify", "--rebuild", "--dir", home, "--declarations", declared)
	})
}

func number(x float64) *float64 { return &x }
