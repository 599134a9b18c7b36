package snapshot

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

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
	of   *Snapshot
	conn *sql.Conn
}

func (s *Snapshot) worker(ctx context.Context, db *warehouse.DB, prepare func(context.Context, warehouse.Execer) error) (*Worker, error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	w := &Worker{s, conn}
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

// Table makes the result of a declared statement at the state in hand a table under
// its id, in place of that of the state before. Every statement is planned where it
// runs: the database plans with what it knows of the values of its tables, and a plan
// kept for other values gives wrong ones.
func (w *Worker) Table(ctx context.Context, id, query string) error {
	return w.of.run(ctx, w.conn, "table_make.sql.tmpl", names{ID: id, SQL: query})
}

// Result reads the table of an id.
func (w *Worker) Result(ctx context.Context, id string) (columns []string, rows [][]any, err error) {
	q, err := render("table_read.sql.tmpl", names{Database: Database, ID: id})
	if err != nil {
		return nil, nil, err
	}
	return w.Rows(ctx, q)
}

// Rows reads what a statement gives at the state in hand.
func (w *Worker) Rows(ctx context.Context, query string) (columns []string, rows [][]any, err error) {
	found, err := w.conn.QueryContext(ctx, query)
	if err != nil {
		return nil, nil, err
	}
	return Read(found)
}

// Read reads all rows and closes them.
func Read(found *sql.Rows) (columns []string, rows [][]any, err error) {
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
