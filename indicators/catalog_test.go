package indicators_test

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/gttim/cauce/data"
	"github.com/gttim/cauce/indicators"
	"github.com/gttim/cauce/internal/warehouse"
)

var today = time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC)

// engine opens an empty warehouse with all declarations registered.
func engine(t *testing.T) *indicators.Engine { return engineOf(t, "") }

// engineOf is one whose database may use so much memory.
func engineOf(t *testing.T, memory string) *indicators.Engine {
	t.Helper()
	decls, err := data.Load("")
	must(t, err)
	catalog, err := indicators.Load(decls)
	must(t, err)
	for id, table := range indicators.CalendarTables(decls, today) {
		decls.Reference[id] = table
	}
	home, err := warehouse.OpenHome(t.TempDir())
	must(t, err)
	t.Cleanup(func() { home.Close() })
	db, err := warehouse.Open(t.Context(), home, warehouse.Options{Version: "test", Now: func() time.Time { return today }, MemoryLimit: memory})
	must(t, err)
	t.Cleanup(func() { db.Close() })
	must(t, db.StoreReference(t.Context(), decls.Reference))
	_, err = db.Register(t.Context(), decls.Datasets...)
	must(t, err)
	return &indicators.Engine{DB: db, Decls: decls, Catalog: catalog, Log: slog.New(slog.DiscardHandler)}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestDeclaredTests(t *testing.T) {
	e := engine(t)
	conn, err := e.DB.Conn(t.Context())
	must(t, err)
	defer conn.Close()
	for _, ind := range e.Catalog {
		must(t, ind.ReadTests())
		for _, test := range ind.Tests {
			t.Run(ind.ID+"/"+test.Name, func(t *testing.T) {
				tx, err := conn.BeginTx(t.Context(), nil)
				must(t, err)
				defer tx.Rollback()
				differs, err := e.RunTest(t.Context(), tx, ind, test)
				must(t, err)
				if differs != "" {
					t.Error(differs)
				}
			})
		}
	}
}

// A sheet that leaves out, or leaves empty, what every sheet says is refused with
// its file and line.
func TestSheet_mandatoryFields(t *testing.T) {
	decls, err := data.Load("")
	must(t, err)
	text, err := os.ReadFile("catalog/acuerdos_cumplidos.yml")
	must(t, err)
	sql, err := os.ReadFile("catalog/acuerdos_cumplidos.sql")
	must(t, err)
	load := func(text string) error {
		decls.Overlay = fstest.MapFS{"indicators/acuerdos_cumplidos.yml": {Data: []byte(text)}, "indicators/acuerdos_cumplidos.sql": {Data: sql}}
		_, err := indicators.Load(decls)
		return err
	}
	must(t, load(string(text)))
	lineOf := func(key string) int {
		at := regexp.MustCompile("(?m)^" + key + ":").FindIndex(text)
		if at == nil {
			t.Fatalf("the sheet has no %s", key)
		}
		return strings.Count(string(text[:at[0]]), "\n") + 1
	}
	block := func(key string) *regexp.Regexp { return regexp.MustCompile("(?m)^" + key + ":.*\n(?:[ ].*\n)*") }
	refused := func(t *testing.T, text string, line int, key string) {
		t.Helper()
		err := load(text)
		if want := fmt.Sprintf("indicators/acuerdos_cumplidos.yml:%d: %s", line, key); !errors.Is(err, data.ErrDeclaration) || !strings.Contains(err.Error(), want) {
			t.Errorf("want %q, got %v", want, err)
		}
	}
	for _, key := range []string{
		"name", "definition", "formula", "formula_math", "calculation", "unit", "decimals", "periodicity", "coverage", "dimensions", "variables", "sources",
		"does_not_measure", "limits", "breaks", "interpretation", "direction", "class", "additive", "version", "valid_from", "history", "responsible", "chart", "tests",
	} {
		t.Run("without "+key, func(t *testing.T) { refused(t, block(key).ReplaceAllString(string(text), ""), 1, key+" is required") })
	}
	for key, empty := range map[string]string{
		"name": "{es: ''}", "definition": "{es: ' '}", "formula": `""`, "formula_math": `" "`, "unit": `""`, "periodicity": `""`, "coverage": `""`, "variables": "[]", "sources": "[]",
		"does_not_measure": "[]", "limits": `[""]`, "interpretation": `""`, "direction": `""`, "history": "[]", "responsible": `""`, "chart": "{kind: '', title: ''}",
	} {
		t.Run("empty "+key, func(t *testing.T) {
			refused(t, block(key).ReplaceAllString(string(text), key+": "+empty+"\n"), lineOf(key), key)
		})
	}
	for name, x := range map[string]struct{ key, old, text string }{
		"source without a day of consultation": {"sources", `, consulted: "2026-11-24"`, ""},
		"day of consultation that is none":     {"sources", `consulted: "2026-11-24"`, `consulted: "ayer"`},
		"variable from elsewhere":              {"variables", "from: [sspc-mesa-resumen]", "from: [otro-conjunto]"},
		"variable that the formula lacks":      {"variables", `symbol: "cumplidos(t)"`, `symbol: "x(t)"`},
		"variable without a unit":              {"variables", `unit: "acuerdos"`, `unit: ""`},
		"history of another version":           {"history", `- {version: "1", from`, `- {version: "2", from`},
		"target that nobody published":         {"target", "class: publica\n", "target: {value: 100}\nclass: publica\n"},
		"threshold that nobody published":      {"thresholds", "class: publica\n", "thresholds:\n  - {from: 90, text: bien}\nclass: publica\n"},
	} {
		t.Run(name, func(t *testing.T) {
			changed := strings.Replace(string(text), x.old, x.text, 1)
			if changed == string(text) {
				t.Fatalf("the sheet has no %q", x.old)
			}
			line := strings.Count(changed[:regexp.MustCompile("(?m)^" + x.key + ":").FindStringIndex(changed)[0]], "\n") + 1
			refused(t, changed, line, x.key)
		})
	}
}

// An id that already means something in SQL would be read in place of it.
func TestLoad_idsThatAreTaken(t *testing.T) {
	decls, err := data.Load("")
	must(t, err)
	text, err := os.ReadFile("catalog/acuerdos_cumplidos.yml")
	must(t, err)
	sql, err := os.ReadFile("catalog/acuerdos_cumplidos.sql")
	must(t, err)
	for id, ok := range map[string]bool{"eventos_por_mes": false, "cobertura": false, "entregas": false, "rupturas": false, "upmrip_eventos": false, "acuerdos_propios": true} {
		own := strings.Replace(string(text), "id: acuerdos_cumplidos", "id: "+id, 1)
		decls.Overlay = fstest.MapFS{"indicators/" + id + ".yml": {Data: []byte(own)}, "indicators/" + id + ".sql": {Data: sql}}
		if _, err := indicators.Load(decls); (err == nil) != ok || err != nil && !errors.Is(err, data.ErrDeclaration) {
			t.Errorf("%s: %v", id, err)
		}
	}
}
