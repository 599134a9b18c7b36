package snapshot

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"embed"
	"errors"
	"fmt"
	"runtime"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/gttim/cauce/data"
	"github.com/gttim/cauce/internal/warehouse"
)

//go:embed sql
var sqlFiles embed.FS

// mustSQL returns an embedded statement; a missing file is a fault of the build.
func mustSQL(name string) string {
	b, err := sqlFiles.ReadFile("sql/" + name)
	if err != nil {
		panic(err)
	}
	return string(b)
}

func render(name string, values any) (string, error) {
	return warehouse.Render(name, mustSQL(name), values)
}

// Database is the name of the database that holds the state.
const Database = "estado"

// mostWorkers bounds the connections that run statements side by side.
const mostWorkers = 4

// mostCopied is the number of clean rows up to which a dataset's rows in force are
// copied at each state: copying more takes longer than finding them in each statement.
const mostCopied = 40_000

// names are what every statement of this package is filled with.
type names struct {
	Database, Warehouse, Table, Dataset, ID, SQL string
	Some, Many                                   bool
	State, Stored                                []string
}

// Snapshot is the warehouse at one state of both clocks, as its workers' connections
// see it. It is not safe for use by several goroutines.
type Snapshot struct {
	Alone bool // nothing is loaded while it is used

	plain     *sql.Conn // without the state's names: its clocks are variables
	workers   []*Worker
	warehouse string
	loads     map[string][]load // in order, by dataset
	days      map[string]daysOf // by dataset
	dated     map[string]bool   // tables of which rows may tell their day of publication
	relations []*relation
	asOf      time.Time
	today     time.Time
	load      int
	aside     bool // the plain connection's clocks are at the state
}

// Open makes the database and its connections, whatever is loaded. prepare is run on
// each of them.
func Open(ctx context.Context, db *warehouse.DB, prepare func(context.Context, warehouse.Execer) error) (_ *Snapshot, err error) {
	s := &Snapshot{days: map[string]daysOf{}}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.Close())
		}
	}()
	if s.plain, err = db.Conn(ctx); err != nil {
		return nil, err
	}
	if err := s.plain.QueryRowContext(ctx, mustSQL("warehouse.sql")).Scan(&s.warehouse); err != nil {
		return nil, fmt.Errorf("open state: %w", err)
	}
	if err := s.run(ctx, s.plain, "open.sql.tmpl", names{}); err != nil {
		return nil, fmt.Errorf("open state: %w", err)
	}
	n := min(runtime.NumCPU(), mostWorkers)
	s.workers = make([]*Worker, n)
	var g errgroup.Group
	for i := range n {
		g.Go(func() (err error) {
			s.workers[i], err = s.worker(ctx, db, prepare)
			return err
		})
	}
	g.Go(func() (err error) {
		s.dated, err = readDated(ctx, s.plain)
		return err
	})
	if err := g.Wait(); err != nil {
		return nil, err
	}
	return s, nil
}

// Begin reads what is loaded by now, before the first At and whenever more has been
// loaded: what is already here of earlier states stays.
func (s *Snapshot) Begin(ctx context.Context, datasets []*data.Dataset) (err error) {
	if s.loads, err = readLoads(ctx, s.plain); err != nil {
		return err
	}
	sizes, err := readSizes(ctx, s.plain)
	if err != nil {
		return err
	}
	if s.relations == nil {
		for _, ds := range datasets {
			r, err := newRelation(ds)
			if err != nil {
				return err
			}
			s.relations = append(s.relations, r)
		}
	}
	for _, r := range s.relations {
		many := sizes[r.ds.Table()] > mostCopied
		if r.many != many && r.rows != none { // a view does not take a table's place
			if err := s.run(ctx, s.plain, "drop_rows.sql.tmpl", names{Table: r.ds.Table(), Many: r.many}); err != nil {
				return fmt.Errorf("rows in force of %s: %w", r.ds.ID, err)
			}
			r.rows = none
		}
		r.many = many
	}
	return nil
}

// run fills a template with the names of both databases and executes it.
func (s *Snapshot) run(ctx context.Context, conn warehouse.Execer, name string, v names) error {
	v.Database, v.Warehouse = Database, s.warehouse
	q, err := render(name, v)
	if err != nil {
		return err
	}
	_, err = conn.ExecContext(ctx, q)
	return err
}

// Workers are the connections that statements run on, side by side.
func (s *Snapshot) Workers() []*Worker { return s.workers }

// Plain is a connection on which the names mean the warehouse, with its clocks at
// the state in hand.
func (s *Snapshot) Plain(ctx context.Context) (*sql.Conn, error) {
	if s.aside {
		return s.plain, nil
	}
	if err := warehouse.At(ctx, s.plain, s.asOf, s.load); err != nil {
		return nil, err
	}
	s.aside = true
	return s.plain, nil
}

// Close gives everything back. The connections are not used again: their search path
// leads to what is gone.
func (s *Snapshot) Close() error {
	var errs []error
	for _, w := range s.workers {
		if w != nil {
			errs = append(errs, discard(w.conn))
		}
	}
	if s.plain != nil {
		q, err := render("close.sql.tmpl", Database)
		if err == nil {
			_, err = s.plain.ExecContext(context.Background(), q)
		}
		errs = append(errs, err, s.plain.Close())
	}
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("close state: %w", err)
	}
	return nil
}

// discard closes a connection for good instead of giving it back to the pool.
func discard(conn *sql.Conn) error {
	err := conn.Raw(func(any) error { return driver.ErrBadConn })
	if errors.Is(err, driver.ErrBadConn) || errors.Is(err, sql.ErrConnDone) {
		return nil
	}
	return errors.Join(err, conn.Close())
}
