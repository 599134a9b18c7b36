package indicators

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/gttim/cauce/internal/warehouse"
)

// store reads and writes the lines of some indicators inside the connection's
// transaction, load after load. held are the lines that still hold, by table and
// indicator, read once each.
type store struct {
	conn *sql.Conn
	held map[string]map[string][]line
}

// table is one of the two stored results, values or detail lines, and how a
// line's canonical form becomes a row of it: after the indicator, before the line
// itself and its rectangle.
type table struct {
	name    string
	columns func(content string) ([]driver.Value, error)
}

// values is the table of values; known are those in hand by their canonical form.
func values(known map[string]written) table {
	return table{"valores", func(content string) ([]driver.Value, error) {
		if v, ok := known[content]; ok {
			return v.columns(v.pieces)
		}
		var v Value
		if err := json.Unmarshal([]byte(content), &v); err != nil {
			return nil, err
		}
		_, p, err := v.encode()
		if err != nil {
			return nil, err
		}
		return v.columns(p)
	}}
}

// written is a value with the pieces of its line.
type written struct {
	*Value
	pieces
}

func details() table { return table{"detalles", detailColumns} }

func newStore(conn *sql.Conn) *store {
	s := &store{conn: conn, held: map[string]map[string][]line{}}
	for _, t := range []table{values(nil), details()} {
		s.held[t.name] = map[string][]line{}
	}
	return s
}

// hold reads what still holds of those indicators of which that is not known yet.
func (s *store) hold(ctx context.Context, ids []string) error {
	for _, t := range []table{values(nil), details()} {
		var unknown []string
		for _, id := range ids {
			if _, ok := s.held[t.name][id]; !ok {
				unknown = append(unknown, id)
			}
		}
		if len(unknown) == 0 {
			continue
		}
		held, err := s.open(ctx, t, unknown)
		if err != nil {
			return fmt.Errorf("read indicators: %w", err)
		}
		for _, id := range unknown {
			s.held[t.name][id] = held[id]
		}
	}
	return nil
}

// clear forgets all of some indicators.
func (s *store) clear(ctx context.Context, ids []string) error {
	if len(ids) == 0 {
		return nil
	}
	list, err := json.Marshal(ids)
	if err != nil {
		return fmt.Errorf("store indicators: %w", err)
	}
	for _, t := range []table{values(nil), details()} {
		if err := s.run(ctx, "clear.sql.tmpl", t, string(list)); err != nil {
			return err
		}
		for _, id := range ids {
			s.held[t.name][id] = nil
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
		return fmt.Errorf("store indicators: %w", err)
	}
	return nil
}

// write turns the states at one load, by indicator, into lines and stores the
// difference.
func (s *store) write(ctx context.Context, t table, states map[string][]state, load int) error {
	var gone, ended, added []owned
	for _, id := range slices.Sorted(maps.Keys(states)) {
		held := s.held[t.name][id]
		ch := difference(held, timeline(held, states[id], load), load)
		gone, ended, added = append(gone, owned{id, ch.Remove}), append(ended, owned{id, ch.Close}), append(added, owned{id, ch.Add})
		s.held[t.name][id] = append(ch.Keep, ch.Add...)
	}
	if err := s.each(ctx, "remove.sql.tmpl", t, gone, load); err != nil {
		return err
	}
	if err := s.each(ctx, "close.sql.tmpl", t, ended, load); err != nil {
		return err
	}
	return s.add(ctx, t, added, load)
}

// owned are lines of one indicator.
type owned struct {
	id    string
	lines []line
}

// named is a line as the statements that end or remove lines look it up.
type named struct {
	Indicator string `json:"i"`
	Content   string `json:"c"`
	From      string `json:"f"`
}

// each runs a statement on lines, all at once.
func (s *store) each(ctx context.Context, file string, t table, all []owned, load int) error {
	var list []named
	for _, o := range all {
		for _, l := range o.lines {
			list = append(list, named{o.id, l.Content, l.From.Format(time.DateOnly)})
		}
	}
	if len(list) == 0 {
		return nil
	}
	b, err := json.Marshal(list)
	if err != nil {
		return fmt.Errorf("store indicators: %w", err)
	}
	return s.run(ctx, file, t, string(b), warehouse.Integer(load))
}

// add inserts lines.
func (s *store) add(ctx context.Context, t table, all []owned, load int) error {
	if !slices.ContainsFunc(all, func(o owned) bool { return len(o.lines) > 0 }) {
		return nil
	}
	err := warehouse.Append(ctx, s.conn, "", "indicators", t.name, func(add func(...driver.Value) error) error {
		for _, o := range all {
			for _, l := range o.lines {
				row, err := t.columns(l.Content)
				if err != nil {
					return fmt.Errorf("%s: %w", o.id, err)
				}
				var to driver.Value
				if !l.To.IsZero() {
					to = l.To
				}
				row = append(append([]driver.Value{o.id}, row...), l.Content, l.From, to, int32(load), nil)
				if err := add(row...); err != nil {
					return fmt.Errorf("%s: %w", o.id, err)
				}
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("store indicators: %w", err)
	}
	return nil
}

// columns are those of table valores that the value gives.
func (v *Value) columns(p pieces) ([]driver.Value, error) {
	var days [3]time.Time
	for i, text := range []string{v.Start, v.End, v.Vintage} {
		var err error
		if days[i], err = time.Parse(time.DateOnly, text); err != nil {
			return nil, err
		}
	}
	return []driver.Value{days[0], days[1], p.dimensions, p.labels, orNull(v.Value), orNull(v.Numerator), orNull(v.Denom),
		v.Unit, v.Status, v.Break, orNull(v.Low), orNull(v.High), p.notes, p.attributes, days[2], v.Precision, p.reports}, nil
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

// open reads the lines that still hold on the clock of loading, by indicator.
func (s *store) open(ctx context.Context, t table, ids []string) (map[string][]line, error) {
	q, err := renderFile("open_lines.sql.tmpl", struct{ Table string }{t.name})
	if err != nil {
		return nil, err
	}
	list, err := json.Marshal(ids)
	if err != nil {
		return nil, err
	}
	rows, err := s.conn.QueryContext(ctx, q, string(list))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[string][]line{}
	for rows.Next() {
		var l line
		var id string
		var to sql.NullTime
		if err := rows.Scan(&id, &l.Content, &l.From, &to, &l.LoadFrom); err != nil {
			return nil, err
		}
		l.To = to.Time
		out[id] = append(out[id], l)
	}
	return out, rows.Err()
}
