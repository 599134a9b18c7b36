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
type table struct{ name, insert string }

var (
	valueTable  = table{"valores", "insert_values.sql"}
	detailTable = table{"detalles", "insert_details.sql"}
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
	return s.add(ctx, t, ch.Add, load)
}

// addition is a line to add as the insert statements read it.
type addition struct {
	Content string  `json:"c"`
	From    string  `json:"f"`
	To      *string `json:"t"`
}

// add inserts lines, all in one statement: one statement a line costs more than
// computing them.
func (s *store) add(ctx context.Context, t table, lines []line, load int) error {
	if len(lines) == 0 {
		return nil
	}
	list := make([]addition, len(lines))
	for i, l := range lines {
		list[i] = addition{Content: l.Content, From: l.From.Format(time.DateOnly)}
		if !l.To.IsZero() {
			to := l.To.Format(time.DateOnly)
			list[i].To = &to
		}
	}
	b, err := json.Marshal(list)
	if err != nil {
		return fmt.Errorf("store indicator %s: %w", s.ind.ID, err)
	}
	if _, err := s.tx.ExecContext(ctx, mustSQL(t.insert), s.ind.ID, load, string(b)); err != nil {
		return fmt.Errorf("store indicator %s: %w", s.ind.ID, err)
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
