package warehouse

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// Publication is one numbered published file.
type Publication struct {
	ID        int
	At        time.Time // UTC
	Day       time.Time // calendar day in America/Mexico_City
	LastLoad  int
	InputHash string // of all that a publication hangs on besides the loads
}

// LastPublication returns the publication that the pointer names, with what the
// ledger recorded of it; false when there is none or the ledger does not know it
// (the warehouse was made again), in which case publishing again is harmless.
func (db *DB) LastPublication(ctx context.Context) (Publication, bool, error) {
	_, id, err := Current(db.home.Dir)
	if errors.Is(err, fs.ErrNotExist) {
		return Publication{}, false, nil
	}
	if err != nil {
		return Publication{}, false, err
	}
	p := Publication{ID: id}
	rows, err := db.sql.QueryContext(ctx, mustSQL("publication.sql"), id)
	if err != nil {
		return p, false, wrap("look up publication", err)
	}
	defer rows.Close()
	if !rows.Next() {
		return p, false, rows.Err()
	}
	err = rows.Scan(&p.At, &p.Day, &p.LastLoad, &p.InputHash)
	return p, err == nil, wrap("look up publication", err)
}

// Fill writes the tables of a publication into the attached, empty schema
// `publicacion`; the connection is its own.
type Fill func(ctx context.Context, conn *sql.Conn, p Publication) error

// Publish builds the next numbered file, proves that it opens read-only, makes
// it durable and points at it, then removes what is older than the last two.
// The ledger has the publication before there is a file, so no number is used
// twice; the pointer alone tells which one counts. The warehouse is checkpointed
// meanwhile: nothing writes into it from here on, and nothing is pointed at that
// rests on a warehouse which is not whole in its file.
// failpoint is called at mid-publish (file built, pointer old) and after-pointer.
func (db *DB) Publish(ctx context.Context, day time.Time, lastLoad int, inputHash string, fill Fill, failpoint func(string)) (Publication, error) {
	p := Publication{At: db.Now(), Day: day, LastLoad: lastLoad, InputHash: inputHash}
	_, current, err := Current(db.home.Dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return p, err
	}
	if err := prune(db.home, current); err != nil {
		return p, err
	}
	var inLedger int
	if err := db.sql.QueryRowContext(ctx, mustSQL("last_publication_id.sql")).Scan(&inLedger); err != nil {
		return p, wrap("publish", err)
	}
	p.ID = max(current, inLedger) + 1
	if _, err := db.sql.ExecContext(ctx, mustSQL("put_publication.sql"), p.ID, p.At, p.Day, p.LastLoad, p.InputHash, db.opt.Version); err != nil {
		return p, wrap("record publication", err)
	}
	path := db.home.Path(PublishedDir, publishedFile(p.ID))
	checkpointed := func() error { return nil }
	err = db.publishable(ctx, path, p, func(ctx context.Context, conn *sql.Conn, p Publication) error {
		checkpointed = db.CheckpointBeside(ctx) // not before: attaching would wait for it
		return fill(ctx, conn, p)
	})
	if err == nil {
		failpoint("mid-publish")
	}
	if err := errors.Join(err, checkpointed()); err != nil {
		return p, errors.Join(err, remove(db.home, p.ID)) // what was not to be published is not left lying
	}
	if err := WriteFileAtomic(db.home.Path(PublishedDir), PointerFile, []byte(filepath.Base(path)+"\n")); err != nil {
		return p, err
	}
	failpoint("after-pointer")
	return p, prune(db.home, p.ID)
}

// publishable builds a publication's file and proves that it can be read.
func (db *DB) publishable(ctx context.Context, path string, p Publication, fill Fill) error {
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	if err := db.build(ctx, conn, path, p, fill); err != nil {
		return err
	}
	return proveAttached(ctx, conn, path, p.ID)
}

// proveAttached reads a finished file back over an attachment: as good as opening it
// by itself, since what was known of it went with the attachment that made it.
func proveAttached(ctx context.Context, conn *sql.Conn, path string, id int) error {
	return attached(ctx, conn, attachment{Path: path, ReadOnly: true}, func() error {
		return proveID(ctx, conn, mustSQL("attached_id.sql"), id)
	})
}

// build fills a new file through an attachment and makes it durable.
func (db *DB) build(ctx context.Context, conn *sql.Conn, path string, p Publication, fill Fill) error {
	err := attached(ctx, conn, attachment{Path: path}, func() error { return db.fill(ctx, conn, p, fill) })
	if err != nil {
		return err
	}
	f, err := os.Open(path)
	if err != nil {
		return wrap("publish", err)
	}
	defer f.Close()
	if err := f.Sync(); err != nil {
		return wrap("publish", err)
	}
	return SyncDir(filepath.Dir(path))
}

// attachment is a published file as the database `publicacion` of the warehouse.
type attachment struct {
	Path     string
	ReadOnly bool
}

// attached does something while the file is attached.
func attached(ctx context.Context, conn *sql.Conn, a attachment, do func() error) error {
	if err := run(ctx, conn, "attach.sql.tmpl", a); err != nil {
		return wrap("publish: attach", err)
	}
	err := do()
	// Detached also when the run is being stopped: another publication could not attach.
	if _, detachErr := conn.ExecContext(context.WithoutCancel(ctx), mustSQL("detach.sql")); err == nil {
		err = wrap("publish: detach", detachErr)
	}
	return err
}

// PublishedLayout is the hash of the tables of a published file: those of a program
// with another one cannot be read by this one's pages.
func PublishedLayout() string {
	sum := sha256.Sum256([]byte(publishedTables))
	return hex.EncodeToString(sum[:])
}

// fill makes and fills the tables in one transaction of the new file.
func (db *DB) fill(ctx context.Context, conn *sql.Conn, p Publication, fill Fill) error {
	err := InTx(ctx, conn, func() error {
		for _, q := range []string{mustSQL("use_publication.sql"), publishedTables, mustSQL("use_warehouse.sql")} {
			if _, err := conn.ExecContext(ctx, q); err != nil {
				return wrap("publish: make tables", err)
			}
		}
		if _, err := conn.ExecContext(ctx, mustSQL("fill_publication.sql"), p.ID, p.At, p.Day, p.LastLoad, db.opt.Version); err != nil {
			return wrap("publish", err)
		}
		return fill(ctx, conn, p)
	})
	if err != nil {
		return err
	}
	_, err = conn.ExecContext(ctx, mustSQL("checkpoint_publication.sql"))
	return wrap("publish: checkpoint", err)
}

// ProveReadable opens a published file as the web process does, reads its number and
// then every value; ErrIntegrity when it cannot be read or says another number.
func ProveReadable(ctx context.Context, path string, id int) error {
	db, err := OpenPublished(path)
	if err != nil {
		return err
	}
	defer db.Close()
	if err := proveID(ctx, db, mustSQL("published_id.sql"), id); err != nil {
		return err
	}
	return readAll(ctx, db, filepath.Base(path))
}

// proveID asks a published file for its number.
func proveID(ctx context.Context, conn Execer, query string, id int) error {
	var got int
	if err := conn.QueryRowContext(ctx, query).Scan(&got); err != nil {
		return notReadBack(id, err)
	}
	if got != id {
		return fmt.Errorf("publication %d says it is %d: %w", id, got, ErrIntegrity)
	}
	return nil
}

// notReadBack is the error of a publication that could not be asked for its number. It is
// no fault of the publication where the run was stopped, or where a full disk put the
// warehouse that asks out of use.
func notReadBack(id int, err error) error {
	told := fmt.Errorf("publication %d cannot be read back: %w", id, err)
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) || says(err, "has been invalidated") {
		return told
	}
	return fmt.Errorf("%w: %w", told, ErrIntegrity)
}

// publishedMemory bounds what DuckDB may use to read a published file.
const publishedMemory = "64MB"

// OpenPublished opens a published file for reading only: one thread, no access
// to anything but the file itself. The caller closes it.
func OpenPublished(path string) (*sql.DB, error) {
	return openSQL(path, settings{Memory: publishedMemory, Threads: 1, ReadOnly: true})
}
