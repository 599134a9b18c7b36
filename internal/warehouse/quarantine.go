package warehouse

import (
	"context"
	"encoding/json"
	"time"

	"github.com/gttim/cauce/data"
)

// QuarantineRow is one record as delivered, with the line it starts on and how
// many physical lines it spans.
type QuarantineRow struct {
	LoadID, ReportID int
	Dataset, Name    string
	Line             int64
	Lines            int
	Content          string
	State            string    // abierta | corregida | repetida | sustituida | retirada
	By               int       // load that closed it, 0 for none
	Since            time.Time // UTC
}

// OpenState is the state of a quarantined row that waits for its correction.
const OpenState = "abierta"

// QuarantineFilter says which quarantined rows are asked for; zero fields ask for
// all. Closed adds those that a later load closed.
type QuarantineFilter struct {
	Report        int
	Dataset, Rule string
	Closed        bool
}

// QuarantineCount is how many quarantined rows broke one rule, with the oldest.
type QuarantineCount struct {
	Dataset, Rule, State string
	Rows                 int64
	Oldest               time.Time // UTC
}

// Policies tells the connection the datasets' revision policies, on which the
// state of quarantined rows hangs.
func Policies(ctx context.Context, conn Execer, datasets []*data.Dataset) error {
	of := map[string]string{}
	for _, ds := range datasets {
		of[ds.ID] = string(ds.Revision.Policy)
	}
	text, err := json.Marshal(of)
	if err != nil {
		return err
	}
	_, err = conn.ExecContext(ctx, mustSQL("set_politicas.sql"), string(text))
	return wrap("revision policies", err)
}

// QuarantineProblems lists the broken rules of quarantined rows, oldest load first.
func QuarantineProblems(ctx context.Context, conn Execer, f QuarantineFilter) ([]data.Problem, error) {
	return problems(ctx, conn, "quarantine_problems.sql", f.Report, f.Dataset, f.Rule, f.Closed)
}

// LoadProblems lists all broken rules of one load, also of a refused one, in the
// order in which they were found.
func (db *DB) LoadProblems(ctx context.Context, load int) ([]data.Problem, error) {
	return problems(ctx, db.sql, "load_problems.sql", load)
}

func problems(ctx context.Context, conn Execer, query string, args ...any) ([]data.Problem, error) {
	rows, err := conn.QueryContext(ctx, mustSQL(query), args...)
	if err != nil {
		return nil, wrap("list problems", err)
	}
	defer rows.Close()
	var out []data.Problem
	for rows.Next() {
		var p data.Problem
		if err := rows.Scan(&p.File, &p.Line, &p.Column, &p.Field, &p.Value, &p.Rule, &p.Severity, &p.Message, &p.Expected, &p.Hint); err != nil {
			return nil, wrap("list problems", err)
		}
		out = append(out, p)
	}
	return out, wrap("list problems", rows.Err())
}

// QuarantineRows lists quarantined records, oldest load first, in order of line.
func QuarantineRows(ctx context.Context, conn Execer, f QuarantineFilter) ([]QuarantineRow, error) {
	rows, err := conn.QueryContext(ctx, mustSQL("quarantine_rows.sql"), f.Report, f.Dataset, f.Rule, f.Closed)
	if err != nil {
		return nil, wrap("list quarantined rows", err)
	}
	defer rows.Close()
	var out []QuarantineRow
	for rows.Next() {
		var r QuarantineRow
		if err := rows.Scan(&r.LoadID, &r.ReportID, &r.Dataset, &r.Name, &r.Line, &r.Lines, &r.Content, &r.State, &r.By, &r.Since); err != nil {
			return nil, wrap("list quarantined rows", err)
		}
		out = append(out, r)
	}
	return out, wrap("list quarantined rows", rows.Err())
}

// QuarantineCounts counts quarantined rows by dataset, state and rule.
func QuarantineCounts(ctx context.Context, conn Execer) ([]QuarantineCount, error) {
	rows, err := conn.QueryContext(ctx, mustSQL("quarantine_counts.sql"))
	if err != nil {
		return nil, wrap("count quarantined rows", err)
	}
	defer rows.Close()
	var out []QuarantineCount
	for rows.Next() {
		var c QuarantineCount
		if err := rows.Scan(&c.Dataset, &c.Rule, &c.State, &c.Rows, &c.Oldest); err != nil {
			return nil, wrap("count quarantined rows", err)
		}
		out = append(out, c)
	}
	return out, wrap("count quarantined rows", rows.Err())
}

// FaultyRow is a quarantined record with the columns that broke a rule; "" among them
// is a fault of the record's shape.
type FaultyRow struct {
	LoadID  int
	Line    int64
	Content string
	Fields  []string
}

// FaultyRows lists the records of one report that waited, or would have without other
// corrections, when a load came. It does not hang on what became of them since.
func FaultyRows(ctx context.Context, conn Execer, report, load int) ([]FaultyRow, error) {
	rows, err := conn.QueryContext(ctx, mustSQL("quarantine_fields.sql"), report, load)
	if err != nil {
		return nil, wrap("list quarantined rows", err)
	}
	defer rows.Close()
	var out []FaultyRow
	for rows.Next() {
		var r FaultyRow
		var fields string
		if err := rows.Scan(&r.LoadID, &r.Line, &r.Content, &fields); err != nil {
			return nil, wrap("list quarantined rows", err)
		}
		if err := json.Unmarshal([]byte(fields), &r.Fields); err != nil {
			return nil, wrap("list quarantined rows", err)
		}
		out = append(out, r)
	}
	return out, wrap("list quarantined rows", rows.Err())
}

// CorrectedBy is the newest report in force that corrects a report, 0 for none.
func CorrectedBy(ctx context.Context, conn Execer, report int) (int, error) {
	var id int
	err := conn.QueryRowContext(ctx, mustSQL("corrected_by.sql"), report).Scan(&id)
	return id, wrap("look up corrections", err)
}

// FaultyLines gives the lines of a load that were set aside.
func FaultyLines(ctx context.Context, conn Execer, load int) (map[int64]bool, error) {
	rows, err := conn.QueryContext(ctx, mustSQL("faulty_lines.sql"), load)
	if err != nil {
		return nil, wrap("list quarantined lines", err)
	}
	defer rows.Close()
	out := map[int64]bool{}
	for rows.Next() {
		var line int64
		if err := rows.Scan(&line); err != nil {
			return nil, wrap("list quarantined lines", err)
		}
		out[line] = true
	}
	return out, wrap("list quarantined lines", rows.Err())
}

// correctionsTask is the ledger's name for finding out anew what corrections closed.
const correctionsTask = "correcciones"

// CorrectionsOutdated tells whether what corrections closed was noted by a program that
// did not note all of it.
func (db *DB) CorrectionsOutdated(ctx context.Context) (outdated bool, err error) {
	err = db.sql.QueryRowContext(ctx, mustSQL("tareas.sql"), correctionsTask).Scan(&outdated)
	return outdated, wrap("look up what is left to do", err)
}

// CorrectionsUpdated notes that they have been found out anew.
func CorrectionsUpdated(ctx context.Context, conn Execer) error {
	_, err := conn.ExecContext(ctx, mustSQL("tarea_hecha.sql"), correctionsTask)
	return wrap("note what is done", err)
}

// ClearCorrected forgets which quarantined rows a load closed.
func ClearCorrected(ctx context.Context, conn Execer, load int) error {
	_, err := conn.ExecContext(ctx, mustSQL("clear_correcciones.sql"), load)
	return wrap("clear corrections", err)
}
