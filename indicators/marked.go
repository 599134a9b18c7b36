package indicators

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/gttim/cauce/data"
	"github.com/gttim/cauce/internal/warehouse"
)

// suppressedAtSource is the note of a figure of which the source gives no part.
const suppressedAtSource = "La fuente suprimió alguna de las celdas que forman la cifra; no se da una suma parcial como si fuera el total."

// mark is a clean row that is not what a report delivered: its source suppressed the
// number, or a declared correction replaced a value. Codes are the row's values of
// the dimensions that the catalogue knows.
type mark struct {
	report     int
	suppressed bool
	start, end string
	codes      map[string]string
	note       string // of a correction
}

// marks reads the marked rows of the datasets that an indicator reads, at the state
// in hand. Datasets that declare neither marks nor corrections have none.
func (e *evaluator) marks(ctx context.Context, ind *Indicator) ([]mark, error) {
	var out []mark
	reads := AllDatasets(e.catalog, ind)
	for _, ds := range e.datasets {
		id := ds.ID
		if len(ds.Suppressed) == 0 && len(ds.Corrections) == 0 || !slices.Contains(reads, id) {
			continue
		}
		found, ok := e.marked[id]
		if !ok {
			var err error
			if found, err = e.markedRows(ctx, ds); err != nil {
				return nil, fmt.Errorf("indicator %s: marked rows of %s: %w", ind.ID, id, err)
			}
			e.marked[id] = found
		}
		out = append(out, found...)
	}
	if ind.Class != data.ClassPublic {
		for i := range out {
			out[i].note = "" // a delivered value could give back what is hidden
		}
	}
	return out, nil
}

func (e *evaluator) markedRows(ctx context.Context, ds *data.Dataset) ([]mark, error) {
	own, err := warehouse.CleanColumns(ctx, e.conn, ds)
	if err != nil {
		return nil, err
	}
	v := struct {
		Table, Dataset  string
		Dimensions, All []string
		Line, Marks     bool
	}{Table: ds.Table(), Dataset: ds.ID, Line: own["line"], Marks: len(ds.Suppressed) > 0}
	for name := range own {
		if name != "line" {
			v.All = append(v.All, name)
		}
		if slices.ContainsFunc(e.catalog, func(i *Indicator) bool {
			return slices.ContainsFunc(i.Dimensions, func(d Dimension) bool { return d.ID == name })
		}) {
			v.Dimensions = append(v.Dimensions, name)
		}
	}
	slices.Sort(v.All)
	slices.Sort(v.Dimensions)
	q, err := renderFile("marked_rows.sql.tmpl", v)
	if err != nil {
		return nil, err
	}
	rows, err := e.conn.QueryContext(ctx, q)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []mark
	for rows.Next() {
		m := mark{codes: map[string]string{}}
		var from, to time.Time
		var codes string
		var c noted
		if err := rows.Scan(&m.report, &m.suppressed, &from, &to, &codes, &c.id, &c.header, &c.line, &c.delivered, &c.value, &c.reason, &c.source); err != nil {
			return nil, err
		}
		m.start, m.end = from.Format(time.DateOnly), to.Format(time.DateOnly)
		values := map[string]any{}
		if err := json.Unmarshal([]byte(codes), &values); err != nil {
			return nil, err
		}
		for name, x := range values {
			if x != nil {
				m.codes[name] = fmt.Sprint(x)
			}
		}
		if !m.suppressed {
			m.note = c.text(m.report, ds.Class == data.ClassPublic)
		}
		out = append(out, m)
	}
	return out, rows.Err()
}

// noted is what is said of a declared correction beside a figure.
type noted struct {
	id, header, delivered, value, reason, source string
	line                                         int64
}

func (c noted) text(report int, open bool) string {
	if !open {
		return fmt.Sprintf("Corrección declarada %s de un valor del reporte %d: %s (%s).", c.id, report, c.reason, c.source)
	}
	return fmt.Sprintf("Corrección declarada %s: en el reporte %d, línea %d, «%s» decía «%s» y se usa «%s»: %s (%s).",
		c.id, report, c.line, c.header, c.delivered, c.value, c.reason, c.source)
}

// apply gives a figure the status that its marked rows ask for. One of which the
// source suppressed a part has no value: what is left would pass for the total. An
// indicator's SQL that counts the suppressed cells itself (column suprimidas) is
// believed. One that rests on a declared correction is revised and says why.
func (v *Value) apply(ind *Indicator, marks []mark) {
	hidden := v.suppressed != nil && *v.suppressed > 0
	for _, m := range marks {
		touches := m.concerns(ind, v)
		switch {
		case m.suppressed && v.suppressed == nil:
			hidden = hidden || touches || v.Value == nil && v.Status != StatusMissing && slices.Contains(v.Reports, m.report)
		case !m.suppressed && touches:
			if v.Status == StatusFinal {
				v.Status = StatusRevised
			}
			if m.note != "" && !slices.Contains(v.Notes, m.note) {
				v.Notes = append(v.Notes, m.note)
			}
		}
	}
	if hidden {
		v.hide()
		v.Notes = append(v.Notes, suppressedAtSource)
	}
}

// concerns tells whether the row may be part of the figure: it is of one of its
// reports, within its period (of a change, or the year before) and of its codes.
func (m mark) concerns(ind *Indicator, v *Value) bool {
	from := v.Start
	if ind.Calculation == Change {
		if day, err := time.Parse(time.DateOnly, v.Start); err == nil {
			from = day.AddDate(-1, 0, 0).Format(time.DateOnly)
		}
	}
	if !slices.Contains(v.Reports, m.report) || m.start < from || m.end > v.End {
		return false
	}
	for d, code := range v.Dimensions {
		if has, ok := m.codes[d]; ok && has != code {
			return false
		}
	}
	return true
}
