package indicators

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/gttim/cauce/data"
	"github.com/gttim/cauce/internal/warehouse"
)

// prepare makes, on one connection, the shared macros and, as temporary views,
// the marts and each indicator's SQL under its id, so that an indicator can read
// those it uses. The table rupturas holds the declared breaks in method.
func prepare(ctx context.Context, conn warehouse.Execer, all []*Indicator) error {
	for _, q := range []string{mart("macros"), mustSQL("breaks_table.sql")} {
		if _, err := conn.ExecContext(ctx, q); err != nil {
			return fmt.Errorf("prepare indicators: %w", err)
		}
	}
	for _, ind := range all {
		for _, b := range ind.Breaks {
			if _, err := conn.ExecContext(ctx, mustSQL("breaks_row.sql"), ind.ID, b.From); err != nil {
				return fmt.Errorf("indicator %s: break %q: %w: %w", ind.ID, b.From, err, data.ErrDeclaration)
			}
		}
	}
	for _, name := range marts {
		if err := view(ctx, conn, name, mart(name)); err != nil {
			return fmt.Errorf("mart %s: %w: %w", name, err, data.ErrDeclaration)
		}
	}
	for _, ind := range all {
		if err := view(ctx, conn, ind.ID, ind.SQL); err != nil {
			return fmt.Errorf("indicator %s: %w: %w", ind.ID, err, data.ErrDeclaration)
		}
	}
	return nil
}

func view(ctx context.Context, conn warehouse.Execer, id, sql string) error {
	q, err := renderFile("view.sql.tmpl", struct{ ID, SQL string }{id, trim(sql)})
	if err != nil {
		return err
	}
	_, err = conn.ExecContext(ctx, q)
	return err
}

// evaluator runs indicators at one state of both clocks.
type evaluator struct {
	conn      warehouse.Execer
	reference map[string]*data.Table
	today     time.Time // a state after today answers calendar questions as of today
}

// at sets the clocks.
func (e *evaluator) at(ctx context.Context, asOf time.Time, load int) error {
	if err := warehouse.At(ctx, e.conn, asOf, load); err != nil {
		return err
	}
	today := asOf
	if e.today.Before(today) {
		today = e.today
	}
	_, err := e.conn.ExecContext(ctx, mustSQL("set_today.sql"), today)
	return err
}

// values runs the indicator's SQL. One figure per period and dimensions: more
// than one is an ErrDeclaration.
func (e *evaluator) values(ctx context.Context, ind *Indicator) ([]*Value, error) {
	columns, rows, err := query(ctx, e.conn, trim(ind.SQL))
	if err != nil {
		return nil, fmt.Errorf("indicator %s: %w", ind.ID, err)
	}
	seen := map[string]bool{}
	out := make([]*Value, 0, len(rows))
	for _, row := range rows {
		v, err := newValue(ind, e.reference, columns, row)
		if err != nil {
			return nil, err
		}
		if k := v.key(); seen[k] {
			return nil, fmt.Errorf("indicator %s gives two figures for %s: %w", ind.ID, k, data.ErrDeclaration)
		} else {
			seen[k] = true
		}
		out = append(out, v)
	}
	slices.SortFunc(out, func(a, b *Value) int { return cmp.Compare(a.order(), b.order()) })
	return protect(ind, out), nil
}

// details runs the indicator's detail SQL: any columns, one JSON object a row.
func (e *evaluator) details(ctx context.Context, ind *Indicator) ([]string, error) {
	if strings.TrimSpace(ind.DetailSQL) == "" {
		return nil, nil
	}
	columns, rows, err := query(ctx, e.conn, trim(ind.DetailSQL))
	if err != nil {
		return nil, fmt.Errorf("indicator %s, detail: %w", ind.ID, err)
	}
	out := make([]string, 0, len(rows))
	for i, row := range rows {
		object := map[string]any{}
		for j, c := range columns {
			object[c] = plain(row[j])
		}
		b, err := json.Marshal(detail{i, object})
		if err != nil {
			return nil, fmt.Errorf("indicator %s, detail: %w", ind.ID, err)
		}
		out = append(out, string(b))
	}
	return out, nil
}

// detail is the canonical form of a detail line.
type detail struct {
	Order int            `json:"o"`
	Row   map[string]any `json:"f"`
}

func query(ctx context.Context, conn warehouse.Execer, q string) ([]string, [][]any, error) {
	rows, err := conn.QueryContext(ctx, q)
	if err != nil {
		return nil, nil, err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return nil, nil, err
	}
	var out [][]any
	for rows.Next() {
		row := make([]any, len(columns))
		into := make([]any, len(columns))
		for i := range row {
			into[i] = &row[i]
		}
		if err := rows.Scan(into...); err != nil {
			return nil, nil, err
		}
		out = append(out, row)
	}
	return columns, out, rows.Err()
}

func trim(q string) string { return strings.TrimRight(strings.TrimSpace(q), "; \n") }
