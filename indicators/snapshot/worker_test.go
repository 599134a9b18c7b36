package snapshot

import (
	"database/sql"
	"fmt"
	"testing"
	"time"
)

// What is committed while a statement is on its way is not read by a plan that was made
// without it: all rows had been of loads up to the one asked for.
func TestWorker_loadsMeanwhile(t *testing.T) {
	db, err := sql.Open("duckdb", "")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	load, read := conn(t, db), conn(t, db)
	if _, err := load.ExecContext(t.Context(), "CREATE TABLE cargas AS SELECT 0 AS load_id"); err != nil {
		t.Fatal(err)
	}
	w := &Worker{of: &Snapshot{}, conn: read}
	done := make(chan error, 1)
	go func() {
		for i := range 1500 {
			if _, err := load.ExecContext(t.Context(), fmt.Sprintf("INSERT INTO cargas VALUES (%d)", i+1)); err != nil {
				done <- err
				return
			}
		}
		done <- nil
	}()
	for looks := 0; ; looks++ {
		select {
		case err := <-done:
			if err != nil || looks < 20 {
				t.Error(err, looks)
			}
			return
		default:
		}
		_, rows, err := Read(t.Context(), read, "SELECT max(load_id) FROM cargas")
		if err != nil {
			t.Fatal(err)
		}
		w.asOfLoad(t, int(rows[0][0].(int32)))
	}
}

func (w *Worker) asOfLoad(t *testing.T, newest int) {
	t.Helper()
	w.of.asOf, w.of.today, w.of.load, w.there = time.Now(), time.Now(), newest, false
	_, rows, err := w.Rows(t.Context(), "SELECT max(load_id) FROM cargas WHERE load_id <= getvariable('as_of_carga')", nil)
	if err != nil {
		t.Fatal(err)
	}
	if got := int(rows[0][0].(int32)); got > newest {
		t.Fatalf("at load %d, load %d is read", newest, got)
	}
}
