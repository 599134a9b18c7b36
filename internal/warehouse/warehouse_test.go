package warehouse_test

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"
	"time"

	"github.com/gttim/cauce/data"
	"github.com/gttim/cauce/internal/warehouse"
)

const contract = `
id: prueba-meses
agency: UPMRIP
title: {es: Prueba}
producer: UPMRIP
licence: libre
class: publica
contact: área de prueba
cadence: {every: ninguna}
format: csv
encoding: auto
delimiter: ","
shape: long
columns:
  - {name: mes, type: mes_anio, required: true}
  - {name: entidad, type: catalogo, catalog: entidades}
  - {name: valor, type: entero, required: true}
key: [mes, entidad]
revision: {policy: POLICY REVKEY}
`

func declarations(t *testing.T, policy, revkey string) *data.Declarations {
	t.Helper()
	text := contract
	text = replace(text, "POLICY", policy)
	text = replace(text, "REVKEY", revkey)
	fsys := fstest.MapFS{
		"reference/entidades.csv":            {Data: []byte("codigo,nombre,sinonimos\n07,Chiapas,Chis.\n27,Tabasco,\n")},
		"datasets/prueba-meses/contract.yml": {Data: []byte(text)},
		"datasets/prueba-meses/catalog.yml":  {Data: []byte("title: {es: a}\ndescription: {es: b}\ncitation: c\n")},
		"datasets/prueba-meses/clean.sql":    {Data: []byte("SELECT line, mes AS periodo_inicio, last_day(mes) AS periodo_fin, entidad, valor FROM entrega")},
	}
	d, err := data.LoadFS(fsys, nil)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func replace(s, old, with string) string {
	for i := 0; i+len(old) <= len(s); i++ {
		if s[i:i+len(old)] == old {
			return s[:i] + with + s[i+len(old):]
		}
	}
	return s
}

func open(t *testing.T) (*warehouse.Home, *warehouse.DB) {
	t.Helper()
	h, err := warehouse.OpenHome(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { h.Close() })
	db, err := warehouse.Open(t.Context(), h, warehouse.Options{Version: "test", Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return h, db
}

// load stores one report of (month, entidad code, value) rows as the ingest does.
func load(t *testing.T, db *warehouse.DB, ds *data.Dataset, published string, first, last string, rows [][3]any) warehouse.Load {
	t.Helper()
	ctx := t.Context()
	conn, err := db.Conn(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	exec := func(q string, args ...any) {
		if _, err := conn.ExecContext(ctx, q, args...); err != nil {
			t.Fatal(q, err)
		}
	}
	r, l, err := warehouse.NextIDs(ctx, conn)
	if err != nil {
		t.Fatal(err)
	}
	exec("BEGIN")
	must(t, warehouse.InsertReport(ctx, conn, warehouse.Report{ID: r, Dataset: ds.ID, SHA256: published, Name: "x.csv", ArrivedAt: db.Now(), PublishedOn: day(published), PublishedPrecision: "dia", PublishedBasis: "parametro", SourceBasis: "buzon"}))
	ld := warehouse.Load{ID: l, ReportID: r, Dataset: ds.ID, Kind: warehouse.KindFirst, Outcome: warehouse.Accepted, ContractHash: ds.Hash, StartedAt: db.Now(), FinishedAt: db.Now(),
		PhysicalLines: int64(len(rows) + 1), HeaderLines: 1, RecordLines: int64(len(rows)), Records: int64(len(rows)), Accepted: int64(len(rows)), RawRows: int64(len(rows)), FirstPeriod: day(first), LastPeriod: day(last)}
	must(t, warehouse.InsertLoad(ctx, conn, ld))
	spelled(t, conn, l, [2]string{"Chis.", "07"}, [2]string{"Tabasco", "27"})
	for i, row := range rows {
		exec(`INSERT INTO stored.prueba_meses VALUES (?, ?, ?, ?, ?)`, l, i+2, day(row[0].(string)), row[1], row[2])
	}
	must(t, warehouse.Stored(conn, ds, l).Delivered(ctx))
	exec(`INSERT INTO clean.prueba_meses SELECT ?, * FROM (`+ds.Clean+`)`, l)
	exec("COMMIT")
	must(t, db.Prove(ctx, ds, ld))
	return ld
}

// spelled stores how a load spelled entidad and what was meant, by their codes from 1 on.
func spelled(t *testing.T, conn *sql.Conn, load int, spellings ...[2]string) {
	t.Helper()
	must(t, warehouse.Append(t.Context(), conn, "", "raw", "diccionario", func(add func(...driver.Value) error) error {
		for code, s := range spellings {
			if err := add(int32(load), "entidad", int32(code+1), s[0], s[1]); err != nil {
				return err
			}
		}
		return nil
	}))
}

func register(t *testing.T, db *warehouse.DB, ds *data.Dataset) {
	t.Helper()
	_, err := db.Register(t.Context(), ds)
	must(t, err)
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func day(s string) time.Time {
	d, err := time.Parse(time.DateOnly, s)
	if err != nil {
		panic(err)
	}
	return d
}

func total(t *testing.T, db *warehouse.DB, asOf string) (n int) {
	t.Helper()
	conn, err := db.Conn(t.Context())
	must(t, err)
	defer conn.Close()
	_, err = conn.ExecContext(t.Context(), "SET VARIABLE as_of = CAST(? AS DATE)", asOf)
	must(t, err)
	must(t, conn.QueryRowContext(t.Context(), "SELECT coalesce(sum(valor), 0)::INTEGER FROM current.prueba_meses").Scan(&n))
	return n
}

func TestPoliciesDecideWhatIsInForce(t *testing.T) {
	for _, c := range []struct {
		policy, key  string
		early, later int
	}{
		// January to February first; then February to March, published later.
		{"reemplaza_periodos", "", 111, 1 + 200 + 400},
		{"agrega_por_clave", ", key: [periodo_inicio, entidad]", 111, 1 + 200 + 100 + 400},
		{"instantanea", "", 111, 600},
	} {
		t.Run(c.policy, func(t *testing.T) {
			_, db := open(t)
			ds := declarations(t, c.policy, c.key).Datasets[0]
			register(t, db, ds)
			register(t, db, ds) // twice is the same
			newer := [][3]any{{"2024-02-01", 1, 200}, {"2024-03-01", 1, 400}}
			older := [][3]any{{"2024-01-01", 1, 1}, {"2024-02-01", 1, 10}, {"2024-02-01", 2, 100}}
			// The newer report arrives first: an older one that arrives late changes nothing.
			load(t, db, ds, "2024-06-30", "2024-02-01", "2024-03-31", newer)
			load(t, db, ds, "2024-04-30", "2024-01-01", "2024-02-29", older)
			if got := total(t, db, "2024-05-01"); got != c.early {
				t.Errorf("as of May: %d, want %d", got, c.early)
			}
			if got := total(t, db, "2024-07-01"); got != c.later {
				t.Errorf("as of July: %d, want %d", got, c.later)
			}
			if got := total(t, db, "2024-01-01"); got != 0 {
				t.Errorf("before any publication: %d", got)
			}
		})
	}
}

// Fault 88, as far as one process can show it.
func TestSecondWriterIsBusy(t *testing.T) {
	h, _ := open(t)
	_, err := warehouse.Open(t.Context(), h, warehouse.Options{})
	if !errors.Is(err, warehouse.ErrBusy) {
		t.Fatalf("got %v", err)
	}
}

// Fault 99: a commit that stored nothing is found by the proof.
func TestProveFindsMissingRows(t *testing.T) {
	_, db := open(t)
	ds := declarations(t, "instantanea", "").Datasets[0]
	register(t, db, ds)
	l := load(t, db, ds, "2024-04-30", "2024-01-01", "2024-01-31", [][3]any{{"2024-01-01", 1, 1}})
	l.RawRows++
	if err := db.Prove(t.Context(), ds, l); !errors.Is(err, warehouse.ErrIntegrity) {
		t.Errorf("count differs: %v", err)
	}
	l.ID = 99
	if err := db.Prove(t.Context(), ds, l); !errors.Is(err, warehouse.ErrIntegrity) {
		t.Errorf("load missing: %v", err)
	}
}

func TestPublishPointsAtNumberedFilesAndKeepsTwo(t *testing.T) {
	h, db := open(t)
	fill := func(ctx context.Context, conn *sql.Conn, p warehouse.Publication) error { return nil }
	var seen []string
	for range 3 {
		_, err := db.Publish(t.Context(), day("2026-11-24"), 0, "h", fill, func(s string) { seen = append(seen, s) })
		must(t, err)
	}
	if len(seen) != 6 {
		t.Errorf("failpoints %v", seen)
	}
	path, id, err := warehouse.Current(h.Dir)
	must(t, err)
	if id != 3 {
		t.Errorf("current is %d", id)
	}
	entries, _ := os.ReadDir(h.Path(warehouse.PublishedDir))
	if len(entries) != 3 { // two files and the pointer
		t.Errorf("%v", entries)
	}
	pub, err := warehouse.OpenPublished(path)
	must(t, err)
	defer pub.Close()
	if _, err := pub.Exec("CREATE TABLE x (a INTEGER)"); err == nil {
		t.Error("a published file can be written")
	}
	if _, err := pub.Exec("SELECT * FROM read_csv('/etc/passwd')"); err == nil {
		t.Error("a published file's connection reads other files")
	}
	last, ok, err := db.LastPublication(t.Context())
	must(t, err)
	if !ok || last.ID != 3 || last.InputHash != "h" {
		t.Errorf("last publication %+v %v", last, ok)
	}
}

func TestSettingsAreLocked(t *testing.T) {
	_, db := open(t)
	conn, err := db.Conn(t.Context())
	must(t, err)
	defer conn.Close()
	for _, q := range []string{"SET memory_limit = '1GB'", "SET enable_external_access = true", "SELECT * FROM read_text('/etc/passwd')"} {
		if _, err := conn.ExecContext(t.Context(), q); err == nil {
			t.Errorf("%s worked", q)
		}
	}
}

// A path that the database would read settings from is no home's.
func TestHomePath(t *testing.T) {
	for _, name := range []string{"qué es?", "núm #1", "100%", "a%2Fb"} {
		if _, err := warehouse.OpenHome(filepath.Join(t.TempDir(), name)); !errors.Is(err, warehouse.ErrHomePath) {
			t.Errorf("%s: %v", name, err)
		}
	}
	h, err := warehouse.OpenHome(filepath.Join(t.TempDir(), "año 2024; 'prueba' & más"))
	must(t, err)
	must(t, h.Close())
}
