package pipeline

import (
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/gttim/cauce/data"
)

func now() time.Time { return time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC) }

const (
	ownDataset   = "datasets/oim-puestos-prueba/"
	ownIndicator = "indicators/puestos_prueba.yml"
)

// overlay copies declarations that are right and changes one file; old "" means
// that the whole file is the new text.
func overlay(tb testing.TB, file, old, text string) string {
	tb.Helper()
	dir := tb.TempDir()
	if err := os.CopyFS(dir, os.DirFS("testdata/puestos")); err != nil {
		tb.Fatal(err)
	}
	path := filepath.Join(dir, file)
	if old != "" {
		b, err := os.ReadFile(path)
		if err != nil || !strings.Contains(string(b), old) {
			tb.Fatalf("%s has no %q: %v", file, old, err)
		}
		text = strings.Replace(string(b), old, text, 1)
	}
	if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o750), os.WriteFile(path, []byte(text), 0o600)); err != nil {
		tb.Fatal(err)
	}
	return dir
}

// check is what the command of that name does with the declarations of which file
// was changed.
func check(tb testing.TB, dir, file string) ([]string, error) {
	tb.Helper()
	if strings.HasPrefix(file, "datasets/") {
		failures, _, err := TestDatasets(tb.Context(), dir, now, []string{"oim-puestos-prueba"})
		return failures, err
	}
	failures, _, err := TestIndicators(tb.Context(), dir, now, []string{"puestos_prueba"})
	return failures, err
}

// Every mistake in a declaration is found by check, before any load: an
// ErrDeclaration that names the file and what is wrong with it.
func TestDeclarationFaults(t *testing.T) {
	const (
		clean  = ownDataset + "clean.sql"
		selent = "SELECT line, fecha AS periodo_inicio, fecha AS periodo_fin, entidad, puestos FROM entrega"
	)
	for _, c := range []struct {
		fault           int
		name            string
		file, old, text string
		says            string
	}{
		{100, "unknown key", ownDataset + "contract.yml", "id: ", "colour: azul\nid: ", `contract.yml:2:1: unknown field "colour"`},
		{100, "wrong type", ownIndicator, "order: 900", "order: muchos", "puestos_prueba.yml:2:8: "},
		{100, "key twice", ownIndicator, "order: 900", "order: 900\norder: 901", "puestos_prueba.yml:3:1: "},
		{100, "tab", ownIndicator, "name: {es: Puestos de prueba}", "name:\n\tes: Puestos", "puestos_prueba.yml:4:1: "},
		{100, "anchor", ownDataset + "catalog.yml", "", "title: &a {es: x}\nb: *a\n", "catalog.yml:1:1: anchors"},
		{101, "syntax", clean, "FROM entrega", "FORM entrega", "clean.sql:3:"},
		{101, "unknown column", clean, "entidad,", "entidades,", `"entidades"`},
		{101, "unknown table", clean, "FROM entrega", "FROM otra", "otra"},
		{101, "two statements", clean, "FROM entrega", "FROM entrega; SELECT 1", "clean.sql: 2 statements"},
		{101, "a bracket closed and another statement", clean, "FROM entrega", "FROM entrega) x; DROP TABLE ledger.loads; --", "clean.sql:3:"},
		{101, "COPY", clean, "", "COPY (SELECT 1) TO '/tmp/x.csv'", "clean.sql: not a SELECT"},
		{101, "a file of the machine", clean, "", strings.Replace(selent, "entidad,", "(SELECT content FROM read_text('/etc/passwd')) AS entidad,", 1), "clean_table.sql"},
		{101, "coverage in two statements", ownDataset + "coverage.sql", "", "SELECT 1; SELECT 2", "coverage.sql: 2 statements"},
		{101, "indicator that writes", ownIndicator, "  SELECT periodo_inicio, periodo_fin, entidad, sum(puestos)", "  DELETE FROM ledger.loads; SELECT periodo_inicio, periodo_fin, entidad, sum(puestos)", "puestos_prueba sql: not a SELECT"},
		{101, "indicator with an unknown column", ownIndicator, "sum(puestos)", "sum(plazas)", "plazas"},
		{102, "missing table", ownIndicator, "FROM current.oim_puestos_prueba", "FROM current.oim_nada", "oim_nada"},
		{102, "missing dataset", ownIndicator, "datasets: [oim-puestos-prueba]", "datasets: [oim-nada, oim-puestos-prueba]", `dataset "oim-nada", which is not declared`},
		{102, "cycle", ownIndicator, "datasets: [", "uses: [puestos_prueba]\ndatasets: [", "puestos_prueba uses itself"},
		{102, "use of nothing", ownIndicator, "datasets: [", "uses: [nada]\ndatasets: [", `uses "nada", which is not declared`},
		{102, "missing unit", ownIndicator, "unit: puestos\n", "", "unit is required"},
		{102, "missing source", ownIndicator, "sources:\n  - {text: Datos de prueba, consulted: \"2026-11-24\"}\n", "", "sources is required"},
		{102, "missing caveat", ownIndicator, "limits: [Existe para una prueba.]\n", "", "limits is required"},
		{102, "id twice", "indicators/otro.yml", "", "id: puestos_prueba\n", `otro.yml: id "puestos_prueba" is not the file's name`},
		{103, "no test", ownIndicator, "tests:\n", "tests: []\nrest:\n", "puestos_prueba.yml"},
		{104, "folder and id differ", ownDataset + "contract.yml", "id: oim-puestos-prueba", "id: oim-otra", `id "oim-otra" is not the folder's name`},
		{104, "upper case", "datasets/Oim-Puestos/contract.yml", "", "id: Oim-Puestos\n", "datasets/Oim-Puestos: folder name"},
		{104, "path", ownDataset + "contract.yml", "id: oim-puestos-prueba", "id: ../oim-puestos-prueba", `id "../oim-puestos-prueba" is not the folder's name`},
		{104, "path of an indicator", ownIndicator, "id: puestos_prueba", "id: ../puestos_prueba", `id "../puestos_prueba" is not the file's name`},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := check(t, overlay(t, c.file, c.old, c.text), c.file)
			if !errors.Is(err, data.ErrDeclaration) || !strings.Contains(err.Error(), c.says) {
				t.Errorf("error %v, want one that says %q", err, c.says)
			}
		})
	}
}

// Fault 103: a declared test that fails says what was expected and what came.
func TestFailingDeclaredTest(t *testing.T) {
	failures, err := check(t, overlay(t, ownIndicator, `fin: "2025-01-31", valor: 7`, `fin: "2025-01-31", valor: 8`), ownIndicator)
	if err != nil || len(failures) != 1 || !strings.Contains(failures[0], "puestos_prueba") || !strings.Contains(failures[0], "7") || !strings.Contains(failures[0], "8") {
		t.Errorf("failures %q, %v", failures, err)
	}
	failures, err = check(t, overlay(t, ownDataset+"testdata/ok.csv", "", "fecha,entidad,puestos\n2025-01-31,Chiapas,5\n2025-01-31,Tabasco,x\n"), ownDataset)
	if err != nil || len(failures) == 0 || !strings.Contains(failures[0], "oim-puestos-prueba/testdata/ok.want.json") {
		t.Errorf("failures %q, %v", failures, err)
	}
}

// Fault 101: what the program ships is one SELECT a text.
func TestBuiltInSQL(t *testing.T) {
	p, err := Open(t.Context(), Options{Dir: filepath.Join(t.TempDir(), "home"), Version: "test", Now: now, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	if err := p.proveSQL(t.Context()); err != nil {
		t.Error(err)
	}
}
