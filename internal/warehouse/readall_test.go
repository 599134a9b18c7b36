package warehouse

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"testing"
	"time"
)

// Sizes of the database's file: three headers, then blocks.
const (
	fileHeaders = 3 * 4096
	fileBlock   = 256 * 1024
)

// spoil sets the first 4 KiB of each block of a file to zero in turn and calls tell,
// which says whether that was found. It returns the blocks of which it was not.
func spoil(t *testing.T, path string, tell func() bool) (missed []int64) {
	t.Helper()
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if len(whole) < fileHeaders+3*fileBlock {
		t.Fatalf("%s has %d bytes: too few blocks to say anything", path, len(whole))
	}
	for at := int64(fileHeaders); at < int64(len(whole)); at += fileBlock {
		spoiled := append([]byte{}, whole...)
		clear(spoiled[at : at+4096])
		if err := os.WriteFile(path, spoiled, 0o600); err != nil {
			t.Fatal(err)
		}
		if !tell() {
			missed = append(missed, (at-fileHeaders)/fileBlock)
		}
	}
	if err := os.WriteFile(path, whole, 0o600); err != nil {
		t.Fatal(err)
	}
	return missed
}

// A block of the warehouse's file or of a published one that the disk lost is found,
// wherever it lies; only one that holds nothing may be lost.
func TestReadAll(t *testing.T) {
	h, db := openedHome(t)
	const table = `CREATE TABLE raw.prueba AS SELECT range AS a, hash(range) AS b, CAST(hash(range) AS VARCHAR) AS c FROM range(100000)`
	if _, err := db.sql.ExecContext(t.Context(), table); err != nil {
		t.Fatal(err)
	}
	p, err := db.Publish(t.Context(), time.Now(), 0, "hash", func(ctx context.Context, conn *sql.Conn, _ Publication) error {
		_, err := conn.ExecContext(ctx, `INSERT INTO publicacion.problema SELECT range, hash(range), 'fila', hash(range + 1) % 1000000007 FROM range(100000)`)
		return err
	}, func(string) {})
	if err != nil {
		t.Fatal(err)
	}
	var free int
	if err := db.sql.QueryRowContext(t.Context(), `SELECT free_blocks FROM pragma_database_size() WHERE database_name = 'warehouse'`).Scan(&free); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(db.ReadAll(t.Context()), db.Close()); err != nil {
		t.Fatal(err)
	}
	damaged := func(err error) bool { return errors.Is(err, ErrIntegrity) || IsDamaged(err) }

	missed := spoil(t, h.Path(databaseFile), func() bool {
		db, err := Open(t.Context(), h, Options{Version: "test", Now: time.Now})
		if err != nil {
			return damaged(err)
		}
		defer db.Close()
		return damaged(db.ReadAll(t.Context()))
	})
	if len(missed) > free {
		t.Errorf("blocks %v of the warehouse are lost and not missed; %d are free", missed, free)
	}
	path := h.Path(PublishedDir, publishedFile(p.ID))
	if err := ProveReadable(t.Context(), path, p.ID); err != nil {
		t.Fatal(err)
	}
	if missed := spoil(t, path, func() bool { return damaged(ProveReadable(t.Context(), path, p.ID)) }); len(missed) > 0 {
		t.Errorf("blocks %v of the publication are lost and not missed", missed)
	}
}
