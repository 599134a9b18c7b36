package pipeline

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"testing"

	"github.com/duckdb/duckdb-go/v2"

	"github.com/gttim/cauce/ingest"
	"github.com/gttim/cauce/internal/warehouse"
)

// A report that finds too little memory beside what is computed of those before it is
// loaded without that, once.
func TestFollower_apart(t *testing.T) {
	full := fmt.Errorf("clean: %w", &duckdb.Error{Type: duckdb.ErrorTypeOutOfMemory, Msg: "Out of Memory Error: failed to pin block"})
	other := errors.New("no such file")
	for _, tt := range []struct {
		name        string
		follows     bool
		gives       []error
		want        error
		ended, runs int
	}{
		{"enough memory", true, []error{nil}, nil, 0, 1},
		{"too little beside", true, []error{full, nil}, nil, 1, 2},
		{"too little alone", true, []error{full, full}, full, 1, 2},
		{"another error", true, []error{other}, other, 0, 1},
		{"nothing follows", false, []error{full}, full, 0, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var f follower
			ended, freed, runs := 0, 0, 0
			if tt.follows {
				f = follower{more: make(chan struct{}, 1), end: func() { ended++ }, free: func() error {
					if freed++; ended != freed {
						t.Error("memory is given back while it is used")
					}
					return nil
				}}
			}
			err := f.apart(func() error { runs++; return tt.gives[runs-1] })
			if !errors.Is(err, tt.want) || err != nil && tt.want == nil || ended != tt.ended || freed != tt.ended || runs != tt.runs {
				t.Errorf("%v, ended %d times, memory given back %d times, run %d times", err, ended, freed, runs)
			}
			f.loaded()
			f.stop()
			if tt.ended > 0 {
				again := 0
				if err := f.apart(func() error { again++; return full }); !errors.Is(err, full) || again != 1 {
					t.Errorf("afterwards: %v, run %d times", err, again)
				}
			}
		})
	}
}

// Who stops the program after a load and before its publication is told so, whatever the
// load came to: the exit code would say that all was done.
func TestRun_cancelledBeforePublishing(t *testing.T) {
	h := newHome(t, "")
	ctx, cancel := context.WithCancel(t.Context())
	h.opt.Failpoint = func(name string) {
		if name == "before-move" {
			cancel()
		}
	}
	const head = "anio,mes,entidad,nacionalidad,sexo,grupo_edad,condicion,eventos\n"
	results, err := h.Run(ctx, []ingest.Delivery{{Dataset: "upmrip-eventos", Published: "2025-03-01",
		Path: h.file(t, head+"2025,1,Chiapas,Honduras,mujer,18+,presentado,3\n")}})
	if len(results) != 1 || results[0].Outcome != warehouse.Accepted || !errors.Is(err, context.Canceled) {
		t.Errorf("%+v, %v", results, err)
	}
}

// What is published of how much a dataset covers is what its rows in force cover now,
// also where it was asked of the rows that the indicators had been computed of: after
// rows that others took the place of, a dataset that no indicator reads, and a report
// older than others, which is looked at from the newest day of publication back.
func TestCovered(t *testing.T) {
	h := newHome(t, overlay(t, "NOTAS.txt", "", "nada\n"))
	directory, err := os.ReadFile("../../data/datasets/gttim-directorio/testdata/ok.csv")
	if err != nil {
		t.Fatal(err)
	}
	directory = bytes.ReplaceAll(directory, []byte("2030"), []byte("2024"))
	const head = "fecha,entidad,puestos\n"
	for i, run := range [][]ingest.Delivery{
		{{Dataset: "oim-puestos-prueba", Published: "2025-02-01", Path: h.file(t, head+"2025-01-31,Chiapas,4\n2025-01-31,Tabasco,3\n")}},
		{{Dataset: "oim-puestos-prueba", Published: "2025-03-01", Path: h.file(t, head+"2025-01-31,Chiapas,5\n2025-02-28,Tabasco,3\n")},
			{Dataset: "gttim-directorio", Published: "2025-03-01", Path: h.file(t, string(directory))}},
		{{Dataset: "gttim-directorio", Published: "2025-04-01", Path: h.file(t, string(directory)+"\n")}},
		{{Dataset: "oim-puestos-prueba", Published: "2025-02-15", Path: h.file(t, head+"2024-12-31,Puebla,1\n")},
			{Dataset: "oim-puestos-prueba", Published: "2025-02-10", Path: h.file(t, head+"2024-11-30,Puebla,1\n")}},
		{{Dataset: "oim-puestos-prueba", Published: "2026-11-24", Path: h.file(t, head+"2026-10-31,Chiapas,6\n")}},
	} {
		results, err := h.Run(t.Context(), run)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range results {
			if r.Outcome != warehouse.Accepted {
				t.Fatal(r.Outcome, r.Problems)
			}
		}
		path, _, err := warehouse.Current(h.dir)
		if err != nil {
			t.Fatal(err)
		}
		db, err := warehouse.OpenPublished(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, id := range []string{"oim-puestos-prueba", "gttim-directorio"} {
			var got sql.NullString
			err := db.QueryRowContext(t.Context(), `SELECT primer_periodo || ' ' || ultimo_periodo || ' ' || filas FROM conjunto WHERE id = ?`, id).Scan(&got)
			want := h.query(`SELECT coalesce(min(periodo_inicio) || ' ' || max(periodo_fin) || ' ' || count(*), '') FROM current.` + warehouse.Ident(h.Decls.Dataset(id).Table()))
			if err != nil || got.String != want || i > 0 && want == "" {
				t.Errorf("run %d: of %s it is published that it covers %q, and it is %q: %v", i, id, got.String, want, err)
			}
		}
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	}
}
