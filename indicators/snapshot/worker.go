package snapshot

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/gttim/cauce/internal/warehouse"
)

// state and stored are the schemas that names are looked for in, those of the state
// before those of the warehouse.
var (
	state  = []string{"main", "current"}
	stored = []string{"main", "historia", "reference", "ledger", "clean", "indicators"}
)

// Worker is a connection on which current.* and cobertura mean the state in hand, and
// whose variables are its clocks. One goroutine at a time may use it.
type Worker struct {
	of    *Snapshot
	conn  *sql.Conn
	there bool // its clocks are at the state in hand
}

func (s *Snapshot) worker(ctx context.Context, db *warehouse.DB, prepare func(context.Context, warehouse.Execer) error) (*Worker, error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	w := &Worker{of: s, conn: conn}
	if err := s.run(ctx, conn, "path.sql.tmpl", names{State: state, Stored: stored}); err != nil {
		return w, fmt.Errorf("open state: %w", err)
	}
	all, err := render("coverage_all.sql.tmpl", Database)
	if err != nil {
		return w, err
	}
	if err := warehouse.CoverFrom(ctx, conn, all); err != nil {
		return w, err
	}
	return w, prepare(ctx, conn)
}

// run fills a template and executes it at the state in hand; reads are the words of
// what it reads.
func (w *Worker) run(ctx context.Context, reads map[string]bool, name string, v names) error {
	return w.at(ctx, reads, func() error { return w.of.run(ctx, w.conn, name, v) })
}

// at runs do at the state in hand; reads are the words of what it reads. What is apart
// from what is loaded needs neither clocks nor a transaction.
func (w *Worker) at(ctx context.Context, reads map[string]bool, do func() error) error {
	if w.of.apart(reads) {
		return do()
	}
	if err := w.arrive(ctx); err != nil {
		return err
	}
	return w.of.AtOnce(ctx, w.conn, do)
}

// arrive sets the connection's clocks, at the first statement at a state.
func (w *Worker) arrive(ctx context.Context) error {
	if w.there {
		return nil
	}
	q, err := render("clocks.sql.tmpl", struct {
		AsOf, Today string
		Load        int
	}{w.of.asOf.Format(time.DateOnly), w.of.today.Format(time.DateOnly), w.of.load})
	if err != nil {
		return err
	}
	if _, err := w.conn.ExecContext(ctx, q); err != nil {
		return fmt.Errorf("set clocks: %w", err)
	}
	w.there = true
	return nil
}

// Table makes the result of a declared statement at the state in hand a table under
// its id, in place of that of the state before. Every statement is planned where it
// runs: the database plans with what it knows of the values of its tables, and a plan
// kept for other values gives wrong ones. reads are the statement's words.
func (w *Worker) Table(ctx context.Context, id, query string, reads map[string]bool) error {
	return w.run(ctx, reads, "table_make.sql.tmpl", names{ID: id, SQL: query})
}

// Result reads the table of an id, which changes only with the state.
func (w *Worker) Result(ctx context.Context, id string) (columns []string, rows [][]any, err error) {
	q, err := render("table_read.sql.tmpl", names{Database: Database, ID: id})
	if err != nil {
		return nil, nil, err
	}
	return Read(ctx, w.conn, q)
}

// Rows reads what a statement gives at the state in hand; reads are its words.
func (w *Worker) Rows(ctx context.Context, query string, reads map[string]bool) (columns []string, rows [][]any, err error) {
	err = w.at(ctx, reads, func() (err error) {
		columns, rows, err = Read(ctx, w.conn, query)
		return err
	})
	return columns, rows, err
}

// AtOnce runs do in a transaction of the connection, so that what a statement reads is
// what it was planned for. By itself it is planned in one transaction and run in the
// next: what a load commits between the two would be read by a plan without the
// conditions that all rows met before, that on the clock of loading among them.
// Where nothing is loaded meanwhile it just runs do.
func (s *Snapshot) AtOnce(ctx context.Context, conn *sql.Conn, do func() error) error {
	if s.Alone {
		return do()
	}
	return warehouse.InTx(ctx, conn, do)
}

// Read reads all rows that a statement gives on a connection.
func Read(ctx context.Context, conn warehouse.Execer, query string) (columns []string, rows [][]any, err error) {
	found, err := conn.QueryContext(ctx, query)
	if err != nil {
		return nil, nil, err
	}
	defer func() { err = errors.Join(err, found.Close()) }()
	if columns, err = found.Columns(); err != nil {
		return nil, nil, err
	}
	for found.Next() {
		row := make([]any, len(columns))
		into := make([]any, len(columns))
		for i := range row {
			into[i] = &row[i]
		}
		if err := found.Scan(into...); err != nil {
			return nil, nil, err
		}
		rows = append(rows, row)
	}
	return columns, rows, found.Err()
}
