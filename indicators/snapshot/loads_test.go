package snapshot

import (
	"database/sql"
	"slices"
	"strings"
	"testing"
	"time"

	_ "github.com/duckdb/duckdb-go/v2"

	"github.com/gttim/cauce/data"
	"github.com/gttim/cauce/internal/warehouse"
)

func TestVersion(t *testing.T) {
	loads := []load{{id: 2, until: 5}, {id: 5}, {id: 7, until: 9}}
	for _, tt := range []struct{ at, version, counting int }{
		{1, 0, 0}, {2, 2, 1}, {4, 2, 1}, {5, 5, 1}, {6, 5, 1}, {7, 7, 2}, {8, 7, 2}, {9, 9, 1}, {12, 9, 1},
	} {
		if v, n := version(loads, tt.at), len(counting(loads, tt.at)); v != tt.version || n != tt.counting {
			t.Errorf("at %d: version %d, %d loads", tt.at, v, n)
		}
	}
}

// What reads the ledger, with its schema's name or without, hangs on more than the rows
// in force.
func TestNames_moving(t *testing.T) {
	for query, fixed := range map[string]bool{
		"SELECT count(*) FROM current.eventos": true,
		"SELECT count(*) FROM ledger.en_vigor": false,
		"SELECT count(*) FROM en_vigor":        false,
		"SELECT count(*) FROM Vigencias":       false,
		"SELECT getvariable('as_of')":          false,
		"SELECT 1 -- as getvariable says":      true,
	} {
		if _, got := (&Snapshot{}).Names(Words(query)); got != fixed {
			t.Errorf("%s: fixed %v", query, got)
		}
	}
}

// What the database itself says may give another value the next time is among them,
// but for what tells nothing that a figure could hang on.
func TestNames_volatile(t *testing.T) {
	harmless := []string{"current_connection_id", "current_database", "current_query", "current_query_id", "current_schema", "current_schemas",
		"error", "in_search_path", "setseed", "sleep_ms", "stats", "write_log"}
	db, err := sql.Open("duckdb", "")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	_, rows, err := Read(t.Context(), conn(t, db), "SELECT DISTINCT function_name FROM duckdb_functions() WHERE stability IN ('VOLATILE', 'CONSISTENT_WITHIN_QUERY')")
	if err != nil || len(rows) == 0 {
		t.Fatal(err, len(rows))
	}
	for _, r := range rows {
		if name := r[0].(string); !slices.Contains(harmless, name) && !slices.Contains(moving, name) {
			t.Errorf("%s is not among what moves", name)
		}
	}
}

// Whatever a load writes into, or a clock tells, keeps a statement from being apart from
// it: every relation of the warehouse but those of declarations, under its own name.
func TestApart(t *testing.T) {
	h, err := warehouse.OpenHome(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	db, err := warehouse.Open(t.Context(), h, warehouse.Options{Version: "test", Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	c, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	s := &Snapshot{warehouse: "almacen"}
	_, rows, err := Read(t.Context(), c, `SELECT table_name FROM information_schema.tables
		WHERE list_contains(['`+strings.Join(stored, "', '")+`'], table_schema) AND (table_schema, table_name) <> ('ledger', 'reference')
		UNION SELECT schema_name FROM duckdb_schemas() WHERE NOT internal AND schema_name NOT IN ('main', 'current', 'reference')`)
	if err != nil || len(rows) < 15 {
		t.Fatal(err, rows)
	}
	for _, r := range rows {
		if name := r[0].(string); s.apart(Words("SELECT * FROM " + name)) {
			t.Errorf("%s is not among what is loaded", name)
		}
	}
	ds := &data.Dataset{Contract: data.Contract{ID: "muchas-filas"}}
	s.relations = []*relation{{ds: ds, many: true}}
	for query, apart := range map[string]bool{
		"SELECT count(*) FROM current.pocas_filas JOIN reference.anios": true,
		"SELECT count(*) FROM current.muchas_filas":                     false,
		"SELECT count(*) FROM almacen.current.pocas_filas":              false,
		"SELECT getvariable('hoy')":                                     false,
		"SELECT * FROM cobertura":                                       false,
	} {
		if got := s.apart(Words(query)); got != apart {
			t.Errorf("%s: apart %v", query, got)
		}
	}
	if s.apart(nil) {
		t.Error("of nothing it is told that it is apart")
	}
}

func conn(t *testing.T, db *sql.DB) *sql.Conn {
	t.Helper()
	c, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}
