package ingest

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"slices"
	"strings"

	"github.com/gttim/cauce/data"
	"github.com/gttim/cauce/internal/warehouse"
)

// corrected closes the open quarantined rows of the report that this one corrects
// and that came back: a row did when an accepted record agrees with it in every
// column but those that were wrong. One whose shape was wrong agrees with none;
// it stays open until the report is replaced.
func (j *Job) corrected(ctx context.Context, conn *sql.Conn, w *work) error {
	if w.report.Corrects == 0 {
		return nil
	}
	if err := warehouse.Policies(ctx, conn, j.Decls.Datasets); err != nil {
		return err
	}
	open, err := warehouse.OpenRows(ctx, conn, w.report.Corrects)
	if err != nil || len(open) == 0 {
		return err
	}
	r, ok, err := j.DB.ReportByID(ctx, w.report.Corrects)
	if err != nil || !ok {
		return err
	}
	old, err := j.Archived(ctx, w.ds, r)
	if err != nil {
		return err
	}
	defer old.Close()
	if old.Refused() {
		return nil // its layout is no longer the contract's: its cells have no names
	}
	waiting := newWaiting(w.ds)
	for _, o := range open {
		if cells, ok := old.Fields(o.Content); ok && !slices.Contains(o.Fields, "") {
			waiting.add(o, cells)
		}
	}
	bad := map[int64]bool{}
	err = w.gate.Problems().Each(func(batch []data.Problem) error {
		for _, p := range batch {
			if p.Severity == data.Quarantine {
				bad[int64(p.Line)] = true
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	var closed []warehouse.OpenRow
	err = w.gate.Each(ctx, func(line int64, cells map[string]string) {
		if !bad[line] {
			closed = append(closed, waiting.take(cells)...)
		}
	})
	if err != nil || len(closed) == 0 {
		return err
	}
	return warehouse.Append(ctx, conn, "", "ledger", "correcciones", func(add func(...driver.Value) error) error {
		for _, o := range closed {
			if err := add(int32(o.LoadID), o.Line, int32(w.load.ID)); err != nil {
				return err
			}
		}
		return nil
	})
}

// waiting holds quarantined rows by what of them was right, for each set of
// columns that were wrong.
type waiting struct {
	columns []string
	sets    map[string][]string                       // wrong columns, joined → themselves
	rows    map[string]map[string][]warehouse.OpenRow // by set, then by the rest
}

func newWaiting(ds *data.Dataset) *waiting {
	w := &waiting{sets: map[string][]string{}, rows: map[string]map[string][]warehouse.OpenRow{}}
	for _, c := range ds.Columns {
		w.columns = append(w.columns, c.Name)
	}
	if ds.Wide != nil {
		w.columns = append(w.columns, ds.Wide.Months...)
		if ds.Hierarchy != nil && ds.Hierarchy.Parts != nil {
			w.columns = append(w.columns, ds.MonthCells()...)
		}
	}
	return w
}

func (w *waiting) add(o warehouse.OpenRow, cells map[string]string) {
	slices.Sort(o.Fields)
	set := strings.Join(o.Fields, "\x00")
	if w.rows[set] == nil {
		w.sets[set], w.rows[set] = o.Fields, map[string][]warehouse.OpenRow{}
	}
	k := w.rest(cells, o.Fields)
	w.rows[set][k] = append(w.rows[set][k], o)
}

// take gives the row, at most one for each set, that the record corrects.
func (w *waiting) take(cells map[string]string) []warehouse.OpenRow {
	for set, fields := range w.sets {
		k := w.rest(cells, fields)
		if list := w.rows[set][k]; len(list) > 0 {
			w.rows[set][k] = list[1:]
			return list[:1]
		}
	}
	return nil
}

// rest is the record without the wrong columns, blind to case, accents and space.
func (w *waiting) rest(cells map[string]string, wrong []string) string {
	var b strings.Builder
	for _, c := range w.columns {
		if !slices.Contains(wrong, c) {
			b.WriteString(data.Fold(cells[c]))
		}
		b.WriteByte(0)
	}
	return b.String()
}
