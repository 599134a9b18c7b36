package warehouse

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path"
	"runtime"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/duckdb/duckdb-go/v2"
	"github.com/gofrs/flock"
	"github.com/gttim/cauce/data"
)

// ErrIntegrity means that what is stored contradicts itself or its archive;
// commands exit 6 and nothing is repaired on its own.
var ErrIntegrity = errors.New("integrity")

// Defaults of Options.
const (
	DefaultMemoryLimit = "160MB"
	defaultTempLimit   = "8GB"
)

// Options are the settings of one opening. Version is the program's; Now is the
// clock; MemoryLimit and Threads bound DuckDB (defaults: 160MB, all cores).
type Options struct {
	Version     string
	Now         func() time.Time
	MemoryLimit string
	Threads     int
}

// DB is the warehouse, open for writing by this process alone.
type DB struct {
	home    *Home
	sql     *sql.DB
	lock    *flock.Flock
	opt     Options
	threads int          // that work for it now
	offered atomic.Int64 // how many times rows were offered
}

// Open takes the lock, clears what an interrupted run left, opens the database
// with the settings that confine it, and brings its schema up to date. Errors:
// ErrBusy, ErrIntegrity (unreadable file), data.ErrDeclaration (newer schema).
func Open(ctx context.Context, h *Home, opt Options) (*DB, error) {
	l, err := lock(h)
	if err != nil {
		return nil, err
	}
	db := &DB{home: h, lock: l, opt: opt}
	if err := db.open(ctx); err != nil {
		db.Close()
		return nil, err
	}
	return db, nil
}

func (db *DB) open(ctx context.Context) error {
	if err := db.home.sweep(); err != nil {
		return err
	}
	if db.opt.Now == nil {
		db.opt.Now = time.Now
	}
	if db.opt.MemoryLimit == "" {
		db.opt.MemoryLimit = DefaultMemoryLimit
	}
	if db.opt.Threads == 0 {
		db.opt.Threads = runtime.NumCPU()
	}
	db.threads = db.opt.Threads
	_, statErr := os.Stat(db.home.Path(databaseFile))
	existed := statErr == nil
	var err error
	db.sql, err = openSQL("", settings{
		Warehouse: db.home.Path(databaseFile),
		Memory:    db.opt.MemoryLimit, Threads: db.opt.Threads, Temp: db.home.Path(TempDir), TempLimit: defaultTempLimit,
		Allowed: []string{db.home.Path(ArchiveDir), db.home.Path(TempDir), db.home.Path(PublishedDir)},
	})
	if err != nil {
		if existed {
			return fmt.Errorf("open %s: %w: %w", databaseFile, err, ErrIntegrity)
		}
		return fmt.Errorf("open %s: %w", databaseFile, err)
	}
	return db.migrate(ctx)
}

// settings are those of the design's measured section, given before the first
// statement of anyone else and then locked. Warehouse is the file of the warehouse,
// "" for none.
type settings struct {
	Warehouse string
	Memory    string
	Threads   int
	Temp      string
	TempLimit string
	Allowed   []string
	ReadOnly  bool
}

// storageVersion is the format in which new files are written (existing ones keep
// theirs): from 1.3 on, text is compressed in one pass that tries dictionary and
// symbols together; the formats before try each for itself, which is most of what a
// checkpoint costs.
const storageVersion = "v1.5.0"

// rowGroup is how many rows are written together, a multiple of 2,048 (DuckDB's own
// size: 122,880). Only whole groups are compressed where they are made, by every
// thread that makes some; the rest waits for the commit and its one thread. The clean
// rows of a million events are a hundred thousand, made by two threads. Far smaller
// groups leave gaps between the blocks of the file.
const rowGroup = 22 * 2048

// logSize is how large the write-ahead log gets. What is larger is written into the
// file at its commit, once, and not into the log first.
const logSize = "2MB"

// Set on every connection: both clocks at "now", which whoever uses the connection
// again finds so, and what the views of delivered rows read.
var (
	clocksNow           = mustSQL("clocks.sql")
	connectionVariables = clocksNow + mustSQL("connection.sql")
	useWarehouse        = mustSQL("use_warehouse.sql")
)

// openSQL opens the database at path, "" for one in memory, which the warehouse is
// attached to: only a file that is attached can be told the size of its row groups.
func openSQL(path string, s settings) (*sql.DB, error) {
	q := url.Values{}
	q.Set("autoinstall_known_extensions", "false")
	q.Set("autoload_known_extensions", "false")
	// Rows carry their line: their order on disk says nothing, and keeping it would
	// load on one thread.
	q.Set("preserve_insertion_order", "false")
	q.Set("storage_compatibility_version", storageVersion)
	q.Set("memory_limit", s.Memory)
	q.Set("threads", strconv.Itoa(s.Threads))
	q.Set("checkpoint_threshold", logSize)
	if s.ReadOnly {
		q.Set("access_mode", "READ_ONLY")
	}
	start := connectionVariables
	if s.Warehouse != "" {
		start += useWarehouse
	}
	attach, err := render("attach_warehouse.sql.tmpl", struct {
		Path     string
		RowGroup int
	}{s.Warehouse, rowGroup})
	if err != nil {
		return nil, err
	}
	attached := s.Warehouse == "" // by the first connection, which is alone: it is opened below
	c, err := duckdb.NewConnector(path+"?"+q.Encode(), func(conn driver.ExecerContext) error {
		if !attached {
			if _, err := conn.ExecContext(context.Background(), attach, nil); err != nil {
				return err
			}
			attached = true
		}
		_, err := conn.ExecContext(context.Background(), start, nil)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	db := sql.OpenDB(c)
	confine, err := render("settings.sql.tmpl", s)
	if err != nil {
		db.Close()
		return nil, err
	}
	if _, err := db.ExecContext(context.Background(), confine); err != nil {
		db.Close()
		return nil, fmt.Errorf("open database: %w", err)
	}
	return db, nil
}

// Conn returns a connection of its own, with both clocks at now; the caller
// closes it.
func (db *DB) Conn(ctx context.Context) (*sql.Conn, error) {
	c, err := db.sql.Conn(ctx)
	if err != nil {
		return nil, fmt.Errorf("connect to warehouse: %w", err)
	}
	// Connections are used again: whoever had this one may have set its clocks.
	if _, err := c.ExecContext(ctx, clocksNow); err != nil {
		return nil, errors.Join(fmt.Errorf("connect to warehouse: %w", err), c.Close())
	}
	return c, nil
}

// UseThreads says how many threads work for the warehouse from here on, 0 for as many
// as it was opened with. Statements on several connections run beside each other with
// one, too. It is called by one goroutine at a time.
func (db *DB) UseThreads(ctx context.Context, n int) error {
	if n == 0 {
		n = db.opt.Threads
	}
	if n == db.threads {
		return nil
	}
	err := run(ctx, db.sql, "threads.sql.tmpl", struct{ Threads int }{n})
	if err == nil {
		db.threads = n
	}
	return wrap("change threads", err)
}

// Threads is how many threads work for the warehouse now.
func (db *DB) Threads() int { return db.threads }

// Checkpoint moves the write-ahead log into the database file.
func (db *DB) Checkpoint(ctx context.Context) error {
	if _, err := db.sql.ExecContext(ctx, mustSQL("checkpoint.sql")); err != nil {
		return fmt.Errorf("checkpoint: %w", err)
	}
	return nil
}

// SyncBeside has the disk begin with what of an open transaction lies in the file
// already, and returns at once; wait returns when it is there. The commit, which has to
// wait for the disk, then finds less to do.
func (db *DB) SyncBeside() (wait func()) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		f, err := os.Open(db.home.Path(databaseFile))
		if err != nil {
			return
		}
		defer f.Close()
		_ = f.Sync() // the commit's own decides
	}()
	return func() { <-done }
}

// CheckpointBeside starts a checkpoint and returns at once; wait returns its error
// when it is done and has to be called. Reading goes on meanwhile, whoever writes
// waits for it. It fails where a transaction that deletes or updates is open.
func (db *DB) CheckpointBeside(ctx context.Context) (wait func() error) {
	done := make(chan error, 1)
	go func() { done <- db.Checkpoint(ctx) }()
	return func() error { return <-done }
}

// Home is the home the warehouse belongs to.
func (db *DB) Home() *Home { return db.home }

// Version is the program's version as given at opening.
func (db *DB) Version() string { return db.opt.Version }

// Now is the injected clock in UTC, cut to microseconds as the ledger stores it.
func (db *DB) Now() time.Time { return db.opt.Now().UTC().Truncate(time.Microsecond) }

// Close closes the database and gives the lock back.
func (db *DB) Close() error {
	var errs []error
	if db.sql != nil {
		errs = append(errs, db.sql.Close())
	}
	if db.lock != nil {
		errs = append(errs, db.lock.Unlock())
	}
	return errors.Join(errs...)
}

// Leave is Close for a process that ends right after. Where all is in the file (there is
// no log) the database is left open, and what it spilled is removed: closing it would walk through its
// memory piece by piece, which the end of the process gives back at once, and the
// lock with it. Given back before, another process could find the file still in use.
func (db *DB) Leave() error {
	_, err := os.Stat(db.home.Path(databaseFile + ".wal"))
	if !errors.Is(err, fs.ErrNotExist) {
		return db.Close()
	}
	return db.home.clearTemp()
}

// At sets both clocks of the connection: what the agencies had published by
// asOf, what Cauce had loaded by load.
func At(ctx context.Context, conn Execer, asOf time.Time, load int) error {
	err := run(ctx, conn, "set_clocks.sql.tmpl", struct {
		AsOf string
		Load int
	}{asOf.Format(time.DateOnly), load})
	return wrap("set clocks", err)
}

// migrate brings the schema to the newest migration, each in its own
// transaction together with the row that records it, and checkpoints after each:
// a process killed in between leaves the schema before or after, never half.
func (db *DB) migrate(ctx context.Context) error {
	if _, err := db.sql.ExecContext(ctx, mustSQL("schema_version.sql")); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	var have int
	if err := db.sql.QueryRowContext(ctx, mustSQL("schema_version_get.sql")).Scan(&have); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	files, err := fs.Glob(sqlFiles, "migrations/*.sql")
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	if have > len(files) {
		return fmt.Errorf("database has schema %d, this binary knows %d: install the newer program: %w", have, len(files), data.ErrDeclaration)
	}
	for _, f := range files[have:] {
		if err := db.migrateFile(ctx, f); err != nil {
			return err
		}
	}
	return nil
}

func (db *DB) migrateFile(ctx context.Context, name string) error {
	number, err := strconv.Atoi(strings.TrimSuffix(path.Base(name), ".sql"))
	if err != nil {
		return fmt.Errorf("migrate %s: %w", name, err)
	}
	text, err := sqlFiles.ReadFile(name)
	if err != nil {
		return fmt.Errorf("migrate %s: %w", name, err)
	}
	err = db.inTx(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, string(text)); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, mustSQL("schema_version_put.sql"), number, db.Now())
		return err
	})
	if err != nil {
		return fmt.Errorf("migrate %s: %w", name, err)
	}
	return db.Checkpoint(ctx)
}

// inTx runs do in one transaction. A transaction is never used after an error.
func (db *DB) inTx(ctx context.Context, do func(*sql.Tx) error) error {
	tx, err := db.sql.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := do(tx); err != nil {
		tx.Rollback()
		return err
	}
	return tx.Commit()
}
