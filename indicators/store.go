package indicators

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"github.com/gttim/cauce/internal/warehouse"
)

// store reads and writes one indicator's lines inside one transaction.
type store struct {
	tx  warehouse.Execer
	ind *Indicator
}

// table is one of the two stored results: values, or detail lines.
type table struct {
	name   string
	insert func(ctx context.Context, s *store, l line) error
}

var (
	valueTable  = table{"valores", insertValue}
	detailTable = table{"detalles", insertDetail}
)

func (s *store) clear(ctx context.Context) error {
	for _, t := range []table{valueTable, detailTable} {
		if err := s.run(ctx, "clear.sql.tmpl", t, s.ind.ID); err != nil {
			return err
		}
	}
	return nil
}

func (s *store) run(ctx context.Context, file string, t table, args ...any) error {
	q, err := renderFile(file, struct{ Table string }{t.name})
	if err != nil {
		return err
	}
	if _, err := s.tx.ExecContext(ctx, q, args...); err != nil {
		return fmt.Errorf("store indicator %s: %w", s.ind.ID, err)
	}
	return nil
}

// write turns the states at one load into lines and stores the difference.
func (s *store) write(ctx context.Context, t table, states []state, load int) error {
	stored, err := s.open(ctx, t)
	if err != nil {
		return err
	}
	ch := difference(stored, timeline(stored, states, load), load)
	for _, l := range ch.Remove {
		if err := s.run(ctx, "remove.sql.tmpl", t, s.ind.ID, l.Content, l.From); err != nil {
			return err
		}
	}
	for _, l := range ch.Close {
		if err := s.run(ctx, "close.sql.tmpl", t, load, s.ind.ID, l.Content, l.From); err != nil {
			return err
		}
	}
	for _, l := range ch.Add {
		if err := t.insert(ctx, s, l); err != nil {
			return fmt.Errorf("store indicator %s: %w", s.ind.ID, err)
		}
	}
	return nil
}

// open reads the lines that still hold on the clock of loading.
func (s *store) open(ctx context.Context, t table) ([]line, error) {
	q, err := renderFile("open_lines.sql.tmpl", struct{ Table string }{t.name})
	if err != nil {
		return nil, err
	}
	rows, err := s.tx.QueryContext(ctx, q, s.ind.ID)
	if err != nil {
		return nil, fmt.Errorf("read indicator %s: %w", s.ind.ID, err)
	}
	defer rows.Close()
	var out []line
	for rows.Next() {
		var l line
		var to sql.NullTime
		if err := rows.Scan(&l.Content, &l.From, &to, &l.LoadFrom); err != nil {
			return nil, fmt.Errorf("read indicator %s: %w", s.ind.ID, err)
		}
		l.To = to.Time
		out = append(out, l)
	}
	return out, rows.Err()
}

func (s *store) progress(ctx context.Context, hash string, load int, day time.Time) error {
	if _, err := s.tx.ExecContext(ctx, mustSQL("progress_clear.sql"), s.ind.ID); err != nil {
		return fmt.Errorf("store indicator %s: %w", s.ind.ID, err)
	}
	if _, err := s.tx.ExecContext(ctx, mustSQL("progress_put.sql"), s.ind.ID, hash, load, day); err != nil {
		return fmt.Errorf("store indicator %s: %w", s.ind.ID, err)
	}
	return nil
}

func insertValue(ctx context.Context, s *store, l line) error {
	var v Value
	if err := json.Unmarshal([]byte(l.Content), &v); err != nil {
		return err
	}
	_, err := s.tx.ExecContext(ctx, mustSQL("insert_value.sql"), s.ind.ID, v.Start, v.End, compact(v.Dimensions), compact(v.Labels),
		v.Value, v.Numerator, v.Denom, v.Unit, v.Status, v.Break, v.Low, v.High, compact(v.Notes), compact(v.Attributes),
		v.Vintage, v.Precision, compact(v.Reports), l.Content, l.From, nullDay(l.To), l.LoadFrom)
	return err
}

func insertDetail(ctx context.Context, s *store, l line) error {
	var d detail
	if err := json.Unmarshal([]byte(l.Content), &d); err != nil {
		return err
	}
	_, err := s.tx.ExecContext(ctx, mustSQL("insert_detail.sql"), s.ind.ID, d.Order, compact(d.Row), l.Content, l.From, nullDay(l.To), l.LoadFrom)
	return err
}

func nullDay(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t
}

// compact writes JSON with sorted keys and without HTML escapes, so that texts
// stay readable in the tables.
func compact(x any) string {
	b, err := json.Marshal(x)
	if err != nil {
		return "null"
	}
	return string(b)
}
