package indicators

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"time"

	"github.com/gttim/cauce/internal/warehouse"
)

// store reads and writes one indicator's lines inside the connection's transaction,
// load after load. held are the lines that still hold, by table, once read: a run
// of many loads reads them once.
type store struct {
	conn *sql.Conn
	ind  *Indicator
	held map[string][]line
}

func newStore(conn *sql.Conn, ind *Indicator) *store {
	return &store{conn: conn, ind: ind, held: map[string][]line{}}
}

// table is one of the two stored results, values or detail lines, and how a
// line's canonical form becomes a row of it: after the indicator, before the line
// itself and its rectangle.
type table struct {
	name    string
	columns func(content string) ([]driver.Value, error)
}

// values is the table of values; known are the rows in hand by their canonical form.
func values(known map[string][]driver.Value) table {
	return table{"valores", func(content string) ([]driver.Value, error) {
		if row, ok := known[content]; ok {
			return row, nil
		}
		var v Value
		if err := json.Unmarshal([]byte(content), &v); err != nil {
			return nil, err
		}
		return v.columns()
	}}
}

func details() table { return table{"detalles", detailColumns} }

func (s *store) clear(ctx context.Context) error {
	for _, t := range []table{values(nil), details()} {
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
	if _, err := s.conn.ExecContext(ctx, q, args...); err != nil {
		return fmt.Errorf("store indicator %s: %w", s.ind.ID, err)
	}
	return nil
}

// write turns the states at one load into lines and stores the difference.
func (s *store) write(ctx context.Context, t table, states []state, load int) error {
	stored, known := s.held[t.name]
	if !known {
		var err error
		if stored, err = s.open(ctx, t); err != nil {
			return err
		}
	}
	ch := difference(stored, timeline(stored, states, load), load)
	if err := s.each(ctx, "remove.sql.tmpl", t, ch.Remove, load); err != nil {
		return err
	}
	if err := s.each(ctx, "close.sql.tmpl", t, ch.Close, load); err != nil {
		return err
	}
	if err := s.add(ctx, t, ch.Add, load); err != nil {
		return err
	}
	s.held[t.name] = append(ch.Keep, ch.Add...)
	return nil
}

// named is a line as the statements that end or remove lines look it up.
type named struct {
	Content string `json:"c"`
	From    string `json:"f"`
}

// each runs a statement on lines, all at once.
func (s *store) each(ctx context.Context, file string, t table, lines []line, load int) error {
	if len(lines) == 0 {
		return nil
	}
	list := make([]named, len(lines))
	for i, l := range lines {
		list[i] = named{l.Content, l.From.Format(time.DateOnly)}
	}
	b, err := json.Marshal(list)
	if err != nil {
		return fmt.Errorf("store indicator %s: %w", s.ind.ID, err)
	}
	return s.run(ctx, file, t, s.ind.ID, string(b), load)
}

// add inserts lines.
func (s *store) add(ctx context.Context, t table, lines []line, load int) error {
	if len(lines) == 0 {
		return nil
	}
	err := warehouse.Append(ctx, s.conn, "", "indicators", t.name, func(add func(...driver.Value) error) error {
		for _, l := range lines {
			row, err := t.columns(l.Content)
			if err != nil {
				return err
			}
			var to driver.Value
			if !l.To.IsZero() {
				to = l.To
			}
			row = append(append([]driver.Value{s.ind.ID}, row...), l.Content, l.From, to, int32(load), nil)
			if err := add(row...); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("store indicator %s: %w", s.ind.ID, err)
	}
	return nil
}

// columns are those of table valores that the value gives.
func (v *Value) columns() ([]driver.Value, error) {
	var days [3]time.Time
	for i, text := range []string{v.Start, v.End, v.Vintage} {
		var err error
		if days[i], err = time.Parse(time.DateOnly, text); err != nil {
			return nil, err
		}
	}
	var texts [5]string
	for i, x := range []any{v.Dimensions, v.Labels, v.Notes, v.Attributes, v.Reports} {
		b, err := json.Marshal(x)
		if err != nil {
			return nil, err
		}
		texts[i] = string(b)
	}
	return []driver.Value{days[0], days[1], texts[0], texts[1], orNull(v.Value), orNull(v.Numerator), orNull(v.Denom),
		v.Unit, v.Status, v.Break, orNull(v.Low), orNull(v.High), texts[2], texts[3], days[2], v.Precision, texts[4]}, nil
}

// detailColumns are those of table detalles.
func detailColumns(content string) ([]driver.Value, error) {
	var d struct {
		Order int32           `json:"o"`
		Row   json.RawMessage `json:"f"`
	}
	if err := json.Unmarshal([]byte(content), &d); err != nil {
		return nil, err
	}
	return []driver.Value{d.Order, string(d.Row)}, nil
}

func orNull(x *float64) driver.Value {
	if x == nil {
		return nil
	}
	return *x
}

// open reads the lines that still hold on the clock of loading.
func (s *store) open(ctx context.Context, t table) ([]line, error) {
	q, err := renderFile("open_lines.sql.tmpl", struct{ Table string }{t.name})
	if err != nil {
		return nil, err
	}
	rows, err := s.conn.QueryContext(ctx, q, s.ind.ID)
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
