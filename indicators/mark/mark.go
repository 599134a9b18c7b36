package mark

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/gttim/cauce/data"
	"github.com/gttim/cauce/internal/warehouse"
)

//go:embed sql/rows.sql.tmpl
var rowsSQL string

// Mark is a clean row that is not what a report delivered: its source suppressed the
// number, or a declared correction replaced a value. Start and End are its period
// (AAAA-MM-DD), Codes its values of the dimensions asked for. Note says, in Spanish,
// what was corrected and why; without delivered values unless the dataset is public.
type Mark struct {
	Report     int
	Suppressed bool
	Start, End string
	Codes      map[string]string
	Note       string
	whole      bool // the period is that of all the report: the row's own is not known
}

// Has tells whether a dataset can have marked rows at all.
func Has(ds *data.Dataset) bool { return len(ds.Suppressed) > 0 || len(ds.Corrections) > 0 }

// Rows reads the marked rows of a dataset at the state of both clocks of the
// connection.
func Rows(ctx context.Context, conn warehouse.Execer, ds *data.Dataset, dimensions []string) ([]Mark, error) {
	own, err := warehouse.CleanColumns(ctx, conn, ds)
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
		if slices.Contains(dimensions, name) {
			v.Dimensions = append(v.Dimensions, name)
		}
	}
	slices.Sort(v.All)
	slices.Sort(v.Dimensions)
	q, err := warehouse.Render("rows.sql.tmpl", rowsSQL, v)
	if err != nil {
		return nil, err
	}
	rows, err := conn.QueryContext(ctx, q)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Mark
	for rows.Next() {
		m := Mark{Codes: map[string]string{}}
		var from, to time.Time
		var codes string
		var c correction
		if err := rows.Scan(&m.Report, &m.Suppressed, &from, &to, &codes, &c.id, &c.header, &c.line, &c.delivered, &c.value, &c.reason, &c.source); err != nil {
			return nil, err
		}
		m.Start, m.End = from.Format(time.DateOnly), to.Format(time.DateOnly)
		values := map[string]any{}
		if err := json.Unmarshal([]byte(codes), &values); err != nil {
			return nil, err
		}
		for name, x := range values {
			if x != nil {
				m.Codes[name] = fmt.Sprint(x)
			}
		}
		if !m.Suppressed {
			m.Note, m.whole = c.note(m.Report, ds.Class == data.ClassPublic), !own["line"]
		}
		out = append(out, m)
	}
	return out, rows.Err()
}

// correction is what is said of a declared correction beside a figure.
type correction struct {
	id, header, delivered, value, reason, source string
	line                                         int64
}

func (c correction) note(report int, open bool) string {
	if !open {
		return fmt.Sprintf("Corrección declarada %s de un valor del reporte %d: %s (%s).", c.id, report, c.reason, c.source)
	}
	return fmt.Sprintf("Corrección declarada %s: en el reporte %d, línea %d, «%s» decía «%s» y se usa «%s»: %s (%s).",
		c.id, report, c.line, c.header, c.delivered, c.value, c.reason, c.source)
}

// Concerns tells whether the row may be part of a figure: it is of one of its
// reports, within its days (of all the report: shares some) and of its codes.
func (m Mark) Concerns(reports []int, from, to string, codes map[string]string) bool {
	switch {
	case !slices.Contains(reports, m.Report), m.whole && (m.End < from || m.Start > to), !m.whole && (m.Start < from || m.End > to):
		return false
	}
	for d, code := range codes {
		if has, ok := m.Codes[d]; ok && has != code {
			return false
		}
	}
	return true
}
