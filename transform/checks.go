package transform

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/gttim/cauce/data"
	"github.com/gttim/cauce/internal/warehouse"
)

// Check runs the dataset's checks.sql on the rows of one load and returns what
// they find, with the severity the contract gives each rule. File and position
// are not known here: a check speaks of lines and columns.
func Check(ctx context.Context, conn *sql.Conn, ds *data.Dataset, load int) ([]data.Problem, error) {
	if len(ds.Checks) == 0 {
		return nil, nil
	}
	if err := warehouse.Delivered(ctx, conn, ds, load); err != nil {
		return nil, err
	}
	var out []data.Problem
	for _, c := range ds.Checks {
		found, err := check(ctx, conn, c)
		if err != nil {
			return nil, fmt.Errorf("check %s of %s: %w", c.Rule.Check, ds.ID, err)
		}
		out = append(out, found...)
	}
	return out, nil
}

func check(ctx context.Context, conn *sql.Conn, c data.Check) ([]data.Problem, error) {
	rows, err := conn.QueryContext(ctx, c.SQL)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []data.Problem
	for rows.Next() {
		p := data.Problem{Rule: c.Rule.ID, Severity: c.Rule.Severity}
		var line sql.NullInt64
		var field, value, message sql.NullString
		if err := rows.Scan(&line, &field, &value, &message); err != nil {
			return nil, err
		}
		p.Line, p.Field, p.Value, p.Message = int(line.Int64), field.String, value.String, message.String
		if p.Message == "" {
			p.Message = c.Rule.Text
		}
		out = append(out, p)
	}
	return out, rows.Err()
}
