package indicators

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/gttim/cauce/data"
	"github.com/gttim/cauce/indicators/mark"
	"github.com/gttim/cauce/indicators/snapshot"
	"github.com/gttim/cauce/internal/warehouse"
)

// single evaluates one indicator at the clocks of a connection, inside its
// transaction: what a declared test gives is there only. What the indicator reads of
// marts and others becomes temporary tables.
type single struct {
	conn      warehouse.Execer
	catalog   []*Indicator
	datasets  []*data.Dataset // those that hold rows
	reference map[string]*data.Table
	made      map[string]bool
}

// prepare makes the shared macros and the table rupturas of declared breaks.
func prepare(ctx context.Context, conn warehouse.Execer, catalog []*Indicator) error {
	breaks := [][2]string{}
	for _, ind := range catalog {
		for _, b := range ind.Breaks {
			if _, err := time.Parse(time.DateOnly, b.From); err != nil {
				return fmt.Errorf("indicator %s: break %q: %w: %w", ind.ID, b.From, err, data.ErrDeclaration)
			}
			breaks = append(breaks, [2]string{ind.ID, b.From})
		}
	}
	list, err := json.Marshal(breaks)
	if err != nil {
		return fmt.Errorf("prepare indicators: %w", err)
	}
	if _, err := conn.ExecContext(ctx, mart("macros")); err != nil {
		return fmt.Errorf("prepare indicators: %w", err)
	}
	if _, err := conn.ExecContext(ctx, mustSQL("breaks_table.sql"), string(list)); err != nil {
		return fmt.Errorf("prepare indicators: %w", err)
	}
	return nil
}

// values gives the indicator's figures as of a day, everything loaded.
func (s *single) values(ctx context.Context, ind *Indicator, asOf time.Time, load int) ([]*Value, error) {
	if err := prepare(ctx, s.conn, s.catalog); err != nil {
		return nil, err
	}
	if err := warehouse.Cover(ctx, s.conn, s.datasets); err != nil {
		return nil, err
	}
	if err := warehouse.At(ctx, s.conn, asOf, load); err != nil {
		return nil, err
	}
	if _, err := s.conn.ExecContext(ctx, mustSQL("set_today.sql"), asOf); err != nil {
		return nil, err
	}
	s.made = map[string]bool{}
	if err := s.make(ctx, ind); err != nil {
		return nil, err
	}
	read, err := renderFile("read_result.sql.tmpl", struct{ ID string }{ind.ID})
	if err != nil {
		return nil, err
	}
	a := &answer{ind: ind, reference: s.reference}
	if a.columns, a.rows, err = snapshot.Read(ctx, s.conn, read); err != nil {
		return nil, fmt.Errorf("indicator %s: %w", ind.ID, err)
	}
	for _, ds := range s.datasets {
		if mark.Has(ds) && slices.Contains(AllDatasets(s.catalog, ind), ds.ID) {
			found, err := marksOf(ctx, s.conn, s.catalog, ds)
			if err != nil {
				return nil, fmt.Errorf("indicator %s: %w", ind.ID, err)
			}
			a.marks = append(a.marks, found...)
		}
	}
	figures, err := a.figures()
	var out []*Value
	for _, f := range figures {
		out = append(out, f.Value)
	}
	return out, err
}

// make makes the indicator's result as a temporary table, after those it uses.
func (s *single) make(ctx context.Context, ind *Indicator) error {
	if s.made[ind.ID] {
		return nil
	}
	for _, u := range ind.Uses {
		var err error
		if i := slices.IndexFunc(s.catalog, func(x *Indicator) bool { return x.ID == u }); i >= 0 {
			err = s.make(ctx, s.catalog[i])
		} else if !s.made[u] {
			err = s.table(ctx, u, mart(u))
		}
		if err != nil {
			return fmt.Errorf("indicator %s: %w", ind.ID, err)
		}
	}
	if err := s.table(ctx, ind.ID, ind.SQL); err != nil {
		return fmt.Errorf("indicator %s: %w", ind.ID, err)
	}
	return nil
}

// table makes one temporary table. A statement that does not bind is a mistake
// of its declaration.
func (s *single) table(ctx context.Context, id, sql string) error {
	q, err := renderFile("result.sql.tmpl", struct{ ID, SQL string }{id, trim(sql)})
	if err != nil {
		return err
	}
	if _, err := s.conn.ExecContext(ctx, q); err != nil {
		if warehouse.IsBinding(err) {
			return fmt.Errorf("%s: %w: %w", id, err, data.ErrDeclaration)
		}
		return fmt.Errorf("%s: %w", id, err)
	}
	s.made[id] = true
	return nil
}

func trim(q string) string { return strings.TrimRight(strings.TrimSpace(q), "; \n") }
