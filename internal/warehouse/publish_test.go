package warehouse_test

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"os"
	"testing"

	"github.com/gttim/cauce/internal/warehouse"
)

// TestPublish holds what is left behind by a publication that cannot be made and by
// one that can: the pointer, the files, the number, and a warehouse without a log.
func TestPublish(t *testing.T) {
	h, db := open(t)
	ctx := t.Context()
	publish := func(fill warehouse.Fill) (warehouse.Publication, error) {
		return db.Publish(ctx, day("2024-01-01"), 0, "hash", fill, func(string) {})
	}
	good := func(context.Context, *sql.Conn, warehouse.Publication) error { return nil }
	leak := errors.New("too much")
	logged := func() bool {
		_, err := os.Stat(h.Path("warehouse.duckdb.wal"))
		return !errors.Is(err, fs.ErrNotExist)
	}

	first, err := publish(good)
	must(t, err)
	if logged() {
		t.Error("after a publication the warehouse has a log")
	}
	failed, err := publish(func(context.Context, *sql.Conn, warehouse.Publication) error { return leak })
	if !errors.Is(err, leak) {
		t.Fatalf("a fill that fails gives %v", err)
	}
	if _, id, err := warehouse.Current(h.Dir); err != nil || id != first.ID {
		t.Errorf("after a publication that failed the pointer names %d (%v), not %d", id, err, first.ID)
	}
	if files, err := os.ReadDir(h.Path(warehouse.PublishedDir)); err != nil || len(files) != 2 {
		t.Errorf("after a publication that failed there are %v (%v)", files, err)
	}
	last, known, err := db.LastPublication(ctx)
	if err != nil || !known || last.ID != first.ID {
		t.Errorf("the last publication is %+v (%v, %v), not number %d", last, known, err, first.ID)
	}
	next, err := publish(good)
	must(t, err)
	if next.ID <= failed.ID {
		t.Errorf("number %d was used again after %d", next.ID, failed.ID)
	}
	stopped, cancel := context.WithCancel(ctx)
	_, err = db.Publish(stopped, day("2024-01-01"), 0, "hash", func(ctx context.Context, conn *sql.Conn, _ warehouse.Publication) error {
		cancel()
		return ctx.Err()
	}, func(string) {})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("a publication that is stopped gives %v", err)
	}
	if _, id, err := warehouse.Current(h.Dir); err != nil || id != next.ID {
		t.Errorf("after a publication that was stopped the pointer names %d (%v), not %d", id, err, next.ID)
	}
	_, err = publish(good)
	must(t, err)
}

// TestLeave holds that a process leaves nothing behind that closing would have put
// into the file, and keeps the lock until it ends.
func TestLeave(t *testing.T) {
	h, db := open(t)
	ctx := t.Context()
	conn, err := db.Conn(ctx)
	must(t, err)
	_, err = conn.ExecContext(ctx, "CREATE TABLE raw.prueba AS SELECT 1 AS i")
	must(t, err)
	must(t, conn.Close())
	must(t, db.Checkpoint(ctx))
	must(t, os.WriteFile(h.Path(warehouse.TempDir, "spilled.tmp"), []byte("x"), 0o600))
	must(t, db.Leave())
	if left, err := os.ReadDir(h.Path(warehouse.TempDir)); err != nil || len(left) > 0 {
		t.Errorf("what was spilled is left behind: %v %v", left, err)
	}
	if _, err := warehouse.Open(ctx, h, warehouse.Options{}); !errors.Is(err, warehouse.ErrBusy) {
		t.Errorf("left with all in its file, the lock is given back before the end: %v", err)
	}
	conn, err = db.Conn(ctx)
	must(t, err)
	_, err = conn.ExecContext(ctx, "INSERT INTO raw.prueba VALUES (2)")
	must(t, err)
	must(t, conn.Close())
	must(t, db.Leave())
	if _, err := os.Stat(h.Path("warehouse.duckdb.wal")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("left with a log, the log stays: %v", err)
	}
	again, err := warehouse.Open(ctx, h, warehouse.Options{})
	must(t, err)
	must(t, again.Close())
}
