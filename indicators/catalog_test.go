package indicators_test

import (
	"log/slog"
	"testing"
	"time"

	"github.com/gttim/cauce/data"
	"github.com/gttim/cauce/indicators"
	"github.com/gttim/cauce/internal/warehouse"
)

var today = time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC)

// engine opens an empty warehouse with all declarations registered.
func engine(t *testing.T) *indicators.Engine {
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
	db, err := warehouse.Open(t.Context(), home, warehouse.Options{Version: "test", Now: func() time.Time { return today }})
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
