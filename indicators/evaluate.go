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
	"github.com/gttim/cauce/indicators/mark"
	"github.com/gttim/cauce/internal/warehouse"
)

// evaluator runs indicators at one state of both clocks. What an indicator's SQL
// reads besides current.* (marts, other indicators, by their ids) is made as a
// temporary table the first time it is needed at a state.
type evaluator struct {
	conn      warehouse.Execer
	catalog   []*Indicator
	datasets  []*data.Dataset // those that hold rows
	reference map[string]*data.Table
	today     time.Time // a state after today answers calendar questions as of today
	made      map[string]bool
	marked    map[string][]mark.Mark // of the state in hand, by dataset
}

// prepare makes the shared macros and the table rupturas of declared breaks.
func (e *evaluator) prepare(ctx context.Context) error {
	for _, q := range []string{mart("macros"), mustSQL("breaks_table.sql")} {
		if _, err := e.conn.ExecContext(ctx, q); err != nil {
			return fmt.Errorf("prepare indicators: %w", err)
		}
	}
	for _, ind := range e.catalog {
		for _, b := range ind.Breaks {
			if _, err := time.Parse(time.DateOnly, b.From); err != nil {
				return fmt.Errorf("indicator %s: break %q: %w: %w", ind.ID, b.From, err, data.ErrDeclaration)
			}
			if _, err := e.conn.ExecContext(ctx, mustSQL("breaks_row.sql"), ind.ID, b.From); err != nil {
				return fmt.Errorf("indicator %s: break %q: %w", ind.ID, b.From, err)
			}
		}
	}
	return warehouse.Cover(ctx, e.conn, e.datasets)
}

// at sets the clocks; nothing made at another state is valid any more.
func (e *evaluator) at(ctx context.Context, asOf time.Time, load int) error {
	e.made, e.marked = map[string]bool{}, map[string][]mark.Mark{}
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

// make makes the indicator's result as a temporary table, after those it uses.
func (e *evaluator) make(ctx context.Context, ind *Indicator) error {
	if e.made[ind.ID] {
		return nil
	}
	for _, u := range ind.Uses {
		var err error
		if i := slices.IndexFunc(e.catalog, func(x *Indicator) bool { return x.ID == u }); i >= 0 {
			err = e.make(ctx, e.catalog[i])
		} else if !e.made[u] {
			err = e.table(ctx, u, mart(u))
		}
		if err != nil {
			return fmt.Errorf("indicator %s: %w", ind.ID, err)
		}
	}
	if err := e.table(ctx, ind.ID, ind.SQL); err != nil {
		return fmt.Errorf("indicator %s: %w", ind.ID, err)
	}
	return nil
}

// table makes one temporary table. A statement that does not bind is a mistake
// of its declaration.
func (e *evaluator) table(ctx context.Context, id, sql string) error {
	q, err := renderFile("result.sql.tmpl", struct{ ID, SQL string }{id, trim(sql)})
	if err != nil {
		return err
	}
	if _, err := e.conn.ExecContext(ctx, q); err != nil {
		if warehouse.IsBinding(err) {
			return fmt.Errorf("%s: %w: %w", id, err, data.ErrDeclaration)
		}
		return fmt.Errorf("%s: %w", id, err)
	}
	e.made[id] = true
	return nil
}

// values gives the indicator's figures at the state in hand. One figure per
// period and dimensions: more than one is an ErrDeclaration.
func (e *evaluator) values(ctx context.Context, ind *Indicator) ([]*Value, error) {
	a, err := e.ask(ctx, ind)
	if err != nil {
		return nil, err
	}
	return a.values()
}

// answer is an indicator's result as read, to be made into values beside the next
// indicator's statements.
type answer struct {
	ind       *Indicator
	reference map[string]*data.Table
	columns   []string
	rows      [][]any
	marks     []mark.Mark
}

// ask evaluates the indicator at the state in hand.
func (e *evaluator) ask(ctx context.Context, ind *Indicator) (*answer, error) {
	if err := e.make(ctx, ind); err != nil {
		return nil, err
	}
	read, err := renderFile("read_result.sql.tmpl", struct{ ID string }{ind.ID})
	if err != nil {
		return nil, err
	}
	a := &answer{ind: ind, reference: e.reference}
	if a.columns, a.rows, err = query(ctx, e.conn, read); err != nil {
		return nil, fmt.Errorf("indicator %s: %w", ind.ID, err)
	}
	a.marks, err = e.marks(ctx, ind)
	return a, err
}

func (a *answer) values() ([]*Value, error) {
	ind := a.ind
	seen := map[string]bool{}
	order := map[*Value]string{}
	out := make([]*Value, 0, len(a.rows))
	for _, row := range a.rows {
		v, err := newValue(ind, a.reference, a.columns, row)
		if err != nil {
			return nil, err
		}
		k := v.key()
		if seen[k] {
			return nil, fmt.Errorf("indicator %s gives two figures for %s: %w", ind.ID, k, data.ErrDeclaration)
		}
		seen[k] = true
		order[v] = v.order()
		v.apply(ind, a.marks)
		out = append(out, v)
	}
	slices.SortFunc(out, func(a, b *Value) int { return cmp.Compare(order[a], order[b]) })
	return out, nil
}

// marks reads the marked rows of the datasets that an indicator reads, at the state
// in hand.
func (e *evaluator) marks(ctx context.Context, ind *Indicator) ([]mark.Mark, error) {
	var out []mark.Mark
	reads := AllDatasets(e.catalog, ind)
	for _, ds := range e.datasets {
		if !mark.Has(ds) || !slices.Contains(reads, ds.ID) {
			continue
		}
		found, ok := e.marked[ds.ID]
		if !ok {
			var dims []string
			for _, i := range e.catalog {
				for _, d := range i.Dimensions {
					dims = append(dims, d.ID)
				}
			}
			var err error
			if found, err = mark.Rows(ctx, e.conn, ds, dims); err != nil {
				return nil, fmt.Errorf("indicator %s: marked rows of %s: %w", ind.ID, ds.ID, err)
			}
			e.marked[ds.ID] = found
		}
		out = append(out, found...)
	}
	return out, nil
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
