package acceptance

import (
	"path/filepath"
	"strings"
	"testing"
)

// Fault 105: one folder adds a dataset and one file an indicator; the program is
// the one that was built before they existed.
func TestNoGo_declarationsAlone(t *testing.T) {
	declared, err := filepath.Abs("testdata/nogo")
	if err != nil {
		t.Fatal(err)
	}
	cauce(t, 0, "check", "--declarations", declared)
	home := filepath.Join(t.TempDir(), "home")
	cauce(t, 0, "ingest", "--dir", home, "--publish", "--declarations", declared)
	s := mustServe(t, home, "--declarations", declared)
	s.arrive(t, "oim-puestos-prueba", "puestos.csv", "fecha,entidad,puestos\n2025-01-31,Chiapas,4\n2025-01-31,Tabasco,3\n", "aceptado")
	v := s.indicator(t, "puestos_prueba", "").must(t, "2025-01-31", "2025-01-31")
	if *v.Value != 7 {
		t.Errorf("puestos_prueba: %s", v)
	}
	if v := s.indicator(t, "puestos_prueba", "").must(t, "2025-01-31", "2025-01-31", "entidad", "07"); *v.Value != 4 {
		t.Errorf("puestos_prueba in Chiapas: %s", v)
	}
	if page := s.get(t, "/indicadores/puestos_prueba"); !strings.Contains(page, "Puestos de prueba") {
		t.Error("the new indicator has no sheet")
	}
	if page := s.get(t, "/datos"); !strings.Contains(page, "oim-puestos-prueba") {
		t.Error("/datos does not list the new dataset")
	}
}
