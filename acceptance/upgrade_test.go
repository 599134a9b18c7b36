package acceptance

import (
	"database/sql"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gttim/cauce/internal/warehouse"
)

// A publication with the tables of an older program is published anew before it is
// served: nothing else does so until the next day.
func TestServe_olderPublication(t *testing.T) {
	home := filepath.Join(t.TempDir(), "home")
	cauce(t, 0, "ingest", "--dir", home, "--publish")
	path, _, err := warehouse.Current(home)
	if err != nil {
		t.Fatal(err)
	}
	for file, change := range map[string]string{
		path:                                    "ALTER TABLE carga DROP COLUMN corrige",
		filepath.Join(home, "warehouse.duckdb"): "UPDATE ledger.publications SET input_hash = 'otro'",
	} {
		db, err := sql.Open("duckdb", file)
		if err != nil {
			t.Fatal(err)
		}
		_, err = db.ExecContext(t.Context(), change)
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	s := mustServe(t, home)
	if body := s.get(t, "/api/v1/cargas"); !strings.HasPrefix(body, `{"`) {
		t.Error(body)
	}
	if now, _, err := warehouse.Current(home); err != nil || now == path {
		t.Errorf("still serves %s (%v)", now, err)
	}
}
