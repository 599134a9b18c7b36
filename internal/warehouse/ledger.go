package warehouse

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// Outcomes of a load, as stored.
const (
	Accepted  = "aceptado"
	Partial   = "parcial" // loaded, with rows in quarantine
	Refused   = "rechazado"
	Withdrawn = "retirado"
)

// Kinds of load, as stored.
const (
	KindFirst  = "inicial"
	KindReload = "recarga"    // same bytes under another contract
	KindReplay = "repeticion" // quarantined rows of the same report, once they pass
	KindRetire = "retiro"
)

// Report is one content delivered for one dataset (ledger.reports). Times are
// UTC; Corrects is 0 for none.
type Report struct {
	ID                                 int
	Dataset, SHA256, Name              string
	Bytes                              int64
	ArrivedAt, PublishedOn             time.Time
	PublishedPrecision, PublishedBasis string
	Source, SourceBasis                string
	Corrects                           int
	Synthetic, Shipped                 bool
}

// Load is one attempt to load a report (ledger.loads). Zero periods mean none.
type Load struct {
	ID, ReportID                                                      int
	Dataset, Kind, Outcome, Reason, ContractHash, BinaryVersion       string
	StartedAt, FinishedAt                                             time.Time
	Encoding                                                          string
	PhysicalLines, HeaderLines, BlankLines, SkippedLines, RecordLines int64
	Records, Accepted, Quarantined, Skipped, RawRows                  int64
	FirstPeriod, LastPeriod                                           time.Time
}

// Execer is a connection or transaction that statements can be run on.
type Execer interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// NextIDs returns the next report and load ids; the single-writer lock makes
// them safe to use.
func NextIDs(ctx context.Context, conn Execer) (reportID, loadID int, err error) {
	if err := conn.QueryRowContext(ctx, mustSQL("next_ids.sql")).Scan(&reportID, &loadID); err != nil {
		return 0, 0, fmt.Errorf("next ids: %w", err)
	}
	return reportID, loadID, nil
}

// InsertReport writes one row of ledger.reports.
func InsertReport(ctx context.Context, conn Execer, r Report) error {
	_, err := conn.ExecContext(ctx, mustSQL("insert_report.sql"), Integer(r.ID), r.Dataset, r.SHA256, r.Name, r.Bytes,
		r.ArrivedAt, r.PublishedOn, r.PublishedPrecision, r.PublishedBasis, r.Source, r.SourceBasis,
		Integer(r.Corrects), r.Synthetic, r.Shipped)
	return wrap("insert report", err)
}

// InsertLoad writes one row of ledger.loads and derives anew which loads are in
// force when.
func InsertLoad(ctx context.Context, conn Execer, l Load) error {
	if err := insertLoad(ctx, conn, l); err != nil {
		return err
	}
	for _, q := range []string{"clear_vigencias.sql", "fill_vigencias.sql"} {
		if _, err := conn.ExecContext(ctx, mustSQL(q)); err != nil {
			return wrap("loads in force", err)
		}
	}
	return nil
}

// InsertFirstLoad is InsertLoad for the first load of a report that corrects none: it
// takes no other out of force, and comes into force as the report was published.
func InsertFirstLoad(ctx context.Context, conn Execer, r Report, l Load) error {
	if err := insertLoad(ctx, conn, l); err != nil || l.Outcome == Refused {
		return err
	}
	_, err := conn.ExecContext(ctx, mustSQL("insert_vigencia.sql"), Integer(l.ID), Integer(l.ReportID), l.Dataset, nullTime(l.FirstPeriod), nullTime(l.LastPeriod),
		r.PublishedOn, r.PublishedPrecision, r.Source)
	return wrap("loads in force", err)
}

func insertLoad(ctx context.Context, conn Execer, l Load) error {
	_, err := conn.ExecContext(ctx, mustSQL("insert_load.sql"), Integer(l.ID), Integer(l.ReportID), l.Dataset, l.Kind, l.Outcome, l.Reason,
		l.ContractHash, l.BinaryVersion, l.StartedAt, l.FinishedAt, l.Encoding, l.PhysicalLines, l.HeaderLines,
		l.BlankLines, l.SkippedLines, l.RecordLines, l.Records, l.Accepted, l.Quarantined, l.Skipped, l.RawRows,
		nullTime(l.FirstPeriod), nullTime(l.LastPeriod))
	return wrap("insert load", err)
}

// Knows tells whether the ledger has a report of these bytes for the dataset.
func (db *DB) Knows(ctx context.Context, dataset, sha256 string) (bool, error) {
	var yes bool
	err := db.sql.QueryRowContext(ctx, mustSQL("known_bytes.sql"), dataset, sha256).Scan(&yes)
	return yes, wrap("look up report", err)
}

// Seen returns the newest load of these bytes for the dataset under this
// contract, refused ones included (Outcome tells).
func (db *DB) Seen(ctx context.Context, dataset, sha256, contractHash string) (Load, bool, error) {
	l, err := scanLoad(db.sql.QueryRowContext(ctx, mustSQL("seen.sql"), dataset, sha256, contractHash))
	if errors.Is(err, sql.ErrNoRows) {
		return Load{}, false, nil
	}
	return l, err == nil, wrap("look up load", err)
}

// LoadByID returns one load.
func (db *DB) LoadByID(ctx context.Context, id int) (Load, bool, error) {
	l, err := scanLoad(db.sql.QueryRowContext(ctx, mustSQL("load_by_id.sql"), Integer(id)))
	if errors.Is(err, sql.ErrNoRows) {
		return Load{}, false, nil
	}
	return l, err == nil, wrap("look up load", err)
}

// FindReport returns the newest report of these bytes for the dataset.
func (db *DB) FindReport(ctx context.Context, dataset, sha256 string) (Report, bool, error) {
	return db.report(ctx, "find_report.sql", dataset, sha256)
}

// ReportByID returns one report.
func (db *DB) ReportByID(ctx context.Context, id int) (Report, bool, error) {
	return db.report(ctx, "report_by_id.sql", id)
}

func (db *DB) report(ctx context.Context, query string, args ...any) (Report, bool, error) {
	r, err := scanReport(db.sql.QueryRowContext(ctx, mustSQL(query), args...))
	if errors.Is(err, sql.ErrNoRows) {
		return Report{}, false, nil
	}
	return r, err == nil, wrap("look up report", err)
}

// Reports lists all reports by id.
func (db *DB) Reports(ctx context.Context) ([]Report, error) {
	return list(ctx, db, "reports.sql", scanReport)
}

// Loads lists all loads by id, refused ones included.
func (db *DB) Loads(ctx context.Context) ([]Load, error) {
	return list(ctx, db, "loads.sql", scanLoad)
}

// scanner is a row or rows.
type scanner interface{ Scan(into ...any) error }

func list[T any](ctx context.Context, db *DB, query string, scan func(scanner) (T, error)) ([]T, error) {
	rows, err := db.sql.QueryContext(ctx, mustSQL(query))
	if err != nil {
		return nil, wrap(query, err)
	}
	defer rows.Close()
	var out []T
	for rows.Next() {
		x, err := scan(rows)
		if err != nil {
			return nil, wrap(query, err)
		}
		out = append(out, x)
	}
	return out, wrap(query, rows.Err())
}

func scanReport(row scanner) (Report, error) {
	var r Report
	var corrects sql.NullInt64
	err := row.Scan(&r.ID, &r.Dataset, &r.SHA256, &r.Name, &r.Bytes, &r.ArrivedAt, &r.PublishedOn,
		&r.PublishedPrecision, &r.PublishedBasis, &r.Source, &r.SourceBasis, &corrects, &r.Synthetic, &r.Shipped)
	r.Corrects = int(corrects.Int64)
	return r, err
}

// HasRealReports tells whether any report was loaded that is not synthetic.
func (db *DB) HasRealReports(ctx context.Context) (bool, error) {
	var yes bool
	err := db.sql.QueryRowContext(ctx, mustSQL("has_real_reports.sql")).Scan(&yes)
	return yes, wrap("look for reports", err)
}

// TookIn tells whether anything of the report was ever taken in, withdrawn since or not.
func (db *DB) TookIn(ctx context.Context, report int) (bool, error) {
	var yes bool
	err := db.sql.QueryRowContext(ctx, mustSQL("took_in.sql"), report).Scan(&yes)
	return yes, wrap("look up report", err)
}

// InForce tells whether the report has rows in force at the newest load.
func (db *DB) InForce(ctx context.Context, report int) (bool, error) {
	var yes bool
	err := db.sql.QueryRowContext(ctx, mustSQL("in_force.sql"), report).Scan(&yes)
	return yes, wrap("look up report", err)
}

// HasOwnReports tells whether the ledger holds a report that was not shipped with
// the program.
func (db *DB) HasOwnReports(ctx context.Context) (bool, error) {
	var yes bool
	err := db.sql.QueryRowContext(ctx, mustSQL("has_own_reports.sql")).Scan(&yes)
	return yes, wrap("look for reports", err)
}

// NewestLoad returns the newest load id, refused ones included, 0 for none.
func (db *DB) NewestLoad(ctx context.Context) (int, error) {
	var id int
	err := db.sql.QueryRowContext(ctx, mustSQL("newest_load.sql")).Scan(&id)
	return id, wrap("newest load", err)
}

// StoredLoads lists the loads of a dataset that hold raw rows, in order.
func (db *DB) StoredLoads(ctx context.Context, dataset string) ([]int, error) {
	rows, err := db.sql.QueryContext(ctx, mustSQL("stored_loads.sql"), dataset)
	if err != nil {
		return nil, wrap("list loads", err)
	}
	defer rows.Close()
	var out []int
	for rows.Next() {
		var id int
		if err := rows.Scan(&id); err != nil {
			return nil, wrap("list loads", err)
		}
		out = append(out, id)
	}
	return out, wrap("list loads", rows.Err())
}

func scanLoad(row scanner) (Load, error) { return scanLoadAnd(row) }

// scanLoadAnd reads a load and the columns that follow it.
func scanLoadAnd(row scanner, more ...any) (Load, error) {
	var l Load
	var first, last sql.NullTime
	err := row.Scan(append([]any{&l.ID, &l.ReportID, &l.Dataset, &l.Kind, &l.Outcome, &l.Reason, &l.ContractHash, &l.BinaryVersion,
		&l.StartedAt, &l.FinishedAt, &l.Encoding, &l.PhysicalLines, &l.HeaderLines, &l.BlankLines, &l.SkippedLines,
		&l.RecordLines, &l.Records, &l.Accepted, &l.Quarantined, &l.Skipped, &l.RawRows, &first, &last}, more...)...)
	l.FirstPeriod, l.LastPeriod = first.Time, last.Time
	return l, err
}

func wrap(what string, err error) error {
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	return nil
}

func nullTime(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t
}
