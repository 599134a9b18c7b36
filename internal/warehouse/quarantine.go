package warehouse

import (
	"context"

	"github.com/gttim/cauce/data"
)

// QuarantineProblems lists the broken rules of quarantined rows, oldest load
// first, of one report or, with 0, of all.
func (db *DB) QuarantineProblems(ctx context.Context, report int) ([]data.Problem, error) {
	return db.problems(ctx, "quarantine_problems.sql", report)
}

// LoadProblems lists all broken rules of one load, also of a refused one, in the
// order in which they were found.
func (db *DB) LoadProblems(ctx context.Context, load int) ([]data.Problem, error) {
	return db.problems(ctx, "load_problems.sql", load)
}

func (db *DB) problems(ctx context.Context, query string, id int) ([]data.Problem, error) {
	rows, err := db.sql.QueryContext(ctx, mustSQL(query), id)
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

// QuarantineRows lists the quarantined records of one report, in order of line.
func (db *DB) QuarantineRows(ctx context.Context, report int) ([]QuarantineRow, error) {
	rows, err := db.sql.QueryContext(ctx, mustSQL("quarantine_rows.sql"), report)
	if err != nil {
		return nil, wrap("list quarantined rows", err)
	}
	defer rows.Close()
	var out []QuarantineRow
	for rows.Next() {
		var r QuarantineRow
		if err := rows.Scan(&r.Line, &r.Lines, &r.Content); err != nil {
			return nil, wrap("list quarantined rows", err)
		}
		out = append(out, r)
	}
	return out, wrap("list quarantined rows", rows.Err())
}
