package warehouse

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/duckdb/duckdb-go/v2"

	"github.com/gttim/cauce/data"
)

// Fault 101: a declaration holds one SELECT, whatever else it tries to be.
func TestOneSelect(t *testing.T) {
	db, err := openSQL("", settings{Memory: "64MB", Threads: 1, Temp: t.TempDir(), TempLimit: "1MB"})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for text, says := range map[string]string{
		"SELECT 1":                               "",
		"-- why\nSELECT 1; -- after":             "",
		"WITH a AS (SELECT 1) SELECT * FROM a":   "",
		"FROM range(3)":                          "",
		"SELEC 1":                                "x.sql:1:1: ",
		"SELECT 1\nFROM a b c":                   "x.sql:2:10: ",
		"SELECT 1) x; DROP TABLE ledger.loads;":  "x.sql:1:9: ",
		"SELECT 1; SELECT 2":                     "x.sql: 2 statements",
		"SELECT 1; DROP TABLE ledger.loads":      "x.sql: not a SELECT",
		"COPY (SELECT 1) TO '/tmp/x'":            "x.sql: not a SELECT",
		"ATTACH '/tmp/x.duckdb'":                 "x.sql: not a SELECT",
		"SET memory_limit = '1TB'":               "x.sql: not a SELECT",
		"PRAGMA version":                         "x.sql: not a SELECT",
		"INSERT INTO ledger.loads SELECT 1":      "x.sql: not a SELECT",
		"DELETE FROM ledger.loads":               "x.sql: not a SELECT",
		"CREATE TABLE x AS SELECT 1":             "x.sql: not a SELECT",
		"INSTALL httpfs":                         "x.sql: not a SELECT",
		"WITH a AS (DELETE FROM b RETURNING *) ": "x.sql:",
		"":                                       "x.sql: 0 statements",
	} {
		err := OneSelect(t.Context(), db, "x.sql", text)
		if says == "" && err != nil || says != "" && (!errors.Is(err, data.ErrDeclaration) || !strings.HasPrefix(err.Error(), says)) {
			t.Errorf("%q: %v, want %q", text, err, says)
		}
	}
}

// noRows are records of one column, of which there are none.
func noRows(t *testing.T, of arrow.DataType) array.RecordReader {
	t.Helper()
	r, err := array.NewRecordReader(arrow.NewSchema([]arrow.Field{{Name: "line", Type: of}}, nil), nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// Records are withdrawn whatever became of the connection that offered them: a load
// whose time is up loses it. A name that outlives what it reads is read by whoever
// looks at the columns of all views.
func TestWithdrawWithoutConnection(t *testing.T) {
	_, db := openedHome(t)
	conn, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	_, withdraw, err := db.Offer(ctx, conn, noRows(t, arrow.PrimitiveTypes.Int64))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := conn.BeginTx(ctx, nil); err != nil {
		t.Fatal(err)
	}
	cancel()
	// Until the rollback took it. To ask the connection itself would race with that.
	for deadline := time.Now().Add(time.Minute); db.sql.Stats().InUse > 0; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("the connection of a transaction that was cancelled is still there")
		}
	}
	if err := withdraw(); err != nil {
		t.Error(err)
	}
	var left int
	if err := db.sql.QueryRow("SELECT count(*) FROM duckdb_views() WHERE database_name = 'memory' AND NOT internal").Scan(&left); err != nil || left != 0 {
		t.Errorf("%d names of what is gone are left, %v", left, err)
	}
}

// A connection whose offer failed is in the warehouse, as whoever uses it next expects.
func TestOfferFails(t *testing.T) {
	_, db := openedHome(t)
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	for name, offer := range map[string]struct {
		ctx  context.Context
		rows array.RecordReader
	}{
		"a type that the database has not": {t.Context(), noRows(t, &arrow.Decimal256Type{Precision: 60})},
		"no time":                          {ended, noRows(t, arrow.PrimitiveTypes.Int64)},
	} {
		t.Run(name, func(t *testing.T) {
			conn, err := db.Conn(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			if _, _, err := db.Offer(offer.ctx, conn, offer.rows); err == nil {
				t.Error("no error")
			}
			var at string
			if err := conn.QueryRowContext(t.Context(), "SELECT current_database()").Scan(&at); err != nil || at != "warehouse" {
				t.Errorf("the connection is in %q, %v", at, err)
			}
		})
	}
}

// A file that is damaged where opening it does not look is told from a disk that fails.
func TestIsDamaged(t *testing.T) {
	for name, damage := range map[string]func(f *os.File, size int64) error{
		"cut off":     func(f *os.File, size int64) error { return f.Truncate(size / 4) },
		"overwritten": func(f *os.File, size int64) error { _, err := f.WriteAt(make([]byte, size/2), size/4); return err },
	} {
		t.Run(name, func(t *testing.T) {
			h, err := OpenHome(t.TempDir())
			if err != nil {
				t.Fatal(err)
			}
			defer h.Close()
			read := func(do string) error {
				db, err := Open(t.Context(), h, Options{Version: "test", Now: time.Now})
				if err != nil {
					return err
				}
				defer db.Close()
				for _, q := range []string{do, "SELECT sum(hash(a)) FROM raw.prueba"} {
					if _, err := db.sql.ExecContext(t.Context(), q); err != nil {
						return err
					}
				}
				return db.Checkpoint(t.Context())
			}
			if err := read("CREATE TABLE raw.prueba AS SELECT hash(range) AS a FROM range(1000000)"); err != nil {
				t.Fatal(err)
			}
			f, err := os.OpenFile(h.Path(databaseFile), os.O_RDWR, 0)
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			info, err := f.Stat()
			if err != nil {
				t.Fatal(err)
			}
			if err := damage(f, info.Size()); err != nil {
				t.Fatal(err)
			}
			if err := read("SELECT 1"); !IsDamaged(err) || !IsDamaged(fmt.Errorf("read: %w", err)) {
				t.Errorf("not told as damaged: %v", err)
			}
		})
	}
	for _, err := range []error{nil, context.Canceled, &duckdb.Error{Type: duckdb.ErrorTypeIO, Msg: "IO Error: Could not write file: No space left on device"}} {
		if IsDamaged(err) {
			t.Errorf("told as damaged: %v", err)
		}
	}
}

// What was not asked, or of a warehouse that a full disk put out of use, says nothing of
// the publication.
func TestReadBack(t *testing.T) {
	full := &duckdb.Error{Type: duckdb.ErrorTypeIO, Msg: `IO Error: Database "warehouse" has been invalidated because checkpointing failed.`}
	for _, err := range []error{context.Canceled, context.DeadlineExceeded, full} {
		if got := notReadBack(2, err); !errors.Is(got, err) || errors.Is(got, ErrIntegrity) {
			t.Errorf("%v: %v", err, got)
		}
	}
	missing := &duckdb.Error{Type: duckdb.ErrorTypeCatalog, Msg: "Catalog Error: Table with name publicacion does not exist!"}
	if got := notReadBack(2, missing); !errors.Is(got, ErrIntegrity) {
		t.Errorf("%v is no fault of the publication", got)
	}
}

// Whenever a transaction is cancelled, nothing of it stays, and nothing that comes after
// the cancellation is written by itself.
func TestInTx_cancelled(t *testing.T) {
	db, err := openSQL("", settings{Memory: "64MB", Threads: 1, Temp: t.TempDir(), TempLimit: "1MB"})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(t.Context(), "CREATE TABLE filas (n INTEGER)"); err != nil {
		t.Fatal(err)
	}
	for i := range 100 {
		ctx, cancel := context.WithCancel(t.Context())
		conn, err := db.Conn(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		err = InTx(ctx, conn, func() error {
			go func() {
				for range i * 50 {
					runtime.Gosched()
				}
				cancel()
			}()
			var failed error
			for after := 0; after < 20; {
				if ctx.Err() != nil {
					after++
				}
				// One that does not look at the context, as an appender's do not.
				if _, err := conn.ExecContext(context.WithoutCancel(ctx), "INSERT INTO filas VALUES (1)"); err != nil {
					failed = err
				}
			}
			return failed
		})
		if err == nil {
			t.Fatalf("transaction %d was not cancelled", i)
		}
		cancel()
		conn.Close()
		var n int
		if err := db.QueryRowContext(t.Context(), "SELECT count(*) FROM filas").Scan(&n); err != nil || n != 0 {
			t.Fatalf("%d rows of cancelled transaction %d stayed: %v", n, i, err)
		}
	}
}
