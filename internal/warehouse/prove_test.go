package warehouse

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"testing"
	"time"
)

// openedHome is an empty home with its warehouse, closed when the test ends.
func openedHome(t *testing.T) (*Home, *DB) {
	t.Helper()
	h, err := OpenHome(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { h.Close() })
	db, err := Open(t.Context(), h, Options{Version: "test", Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return h, db
}

// TestProveAttached holds that a published file is read back from the disk, not from
// what the database remembers of having written it.
func TestProveAttached(t *testing.T) {
	h, db := openedHome(t)
	p, err := db.Publish(t.Context(), time.Now(), 0, "hash", func(context.Context, *sql.Conn, Publication) error { return nil }, func(string) {})
	if err != nil {
		t.Fatal(err)
	}
	path := h.Path(PublishedDir, publishedFile(p.ID))
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	conn, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	prove := func(id int) error { return proveAttached(t.Context(), conn, path, id) }
	if err := prove(p.ID); err != nil {
		t.Errorf("a good file: %v", err)
	}
	if err := prove(p.ID + 1); !errors.Is(err, ErrIntegrity) {
		t.Errorf("a file of another number: %v", err)
	}
	const headers = 3 * 4096 // the main header and two of which the newer counts
	for _, at := range []int{4096 + 1000, 2*4096 + 1000, headers + 100} {
		spoiled := append([]byte{}, whole...)
		spoiled[at] ^= 0xff
		if err := os.WriteFile(path, spoiled, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := prove(p.ID); err == nil {
			t.Errorf("with byte %d changed on disk it is read back all the same", at)
		}
	}
	if err := os.WriteFile(path, whole, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := prove(p.ID); err != nil {
		t.Errorf("the good file again: %v", err)
	}
}
