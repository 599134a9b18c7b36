package ingest

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"slices"
	"strings"

	"github.com/gttim/cauce/data"
	"github.com/gttim/cauce/ingest/gate"
	"github.com/gttim/cauce/internal/warehouse"
)

// corrected notes which quarantined rows of the report that this one corrects came back.
func (j *Job) corrected(ctx context.Context, conn *sql.Conn, w *work) error {
	if w.report.Corrects == 0 {
		return nil
	}
	bad := map[int64]bool{}
	err := w.gate.Problems().Each(func(batch []data.Problem) error {
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
	c := correction{ds: w.ds, corrects: w.report.Corrects, load: w.load.ID, file: w.gate, bad: bad}
	closed, _, err := j.cameBack(ctx, conn, c)
	if err != nil {
		return err
	}
	return noteCorrected(ctx, conn, c.load, closed)
}

// correction is a load of a report that corrects another one.
type correction struct {
	ds             *data.Dataset
	corrects, load int
	file           *gate.Gate
	bad            map[int64]bool // lines of it that were set aside
}

// cameBack finds which quarantined rows came back: a row did when an accepted record
// agrees with it in every column but those that were wrong. One whose shape was wrong
// agrees with none; it stays open until the report is replaced. Rows that another
// correction brought too did all the same: that one may be withdrawn. told is false
// where the layout of the corrected report is no longer the contract's: its cells have
// no names.
func (j *Job) cameBack(ctx context.Context, conn *sql.Conn, c correction) (closed []warehouse.FaultyRow, told bool, err error) {
	faulty, err := warehouse.FaultyRows(ctx, conn, c.corrects, c.load)
	if err != nil || len(faulty) == 0 {
		return nil, true, err
	}
	r, ok, err := j.DB.ReportByID(ctx, c.corrects)
	if err != nil || !ok {
		return nil, false, err
	}
	old, err := j.Archived(ctx, c.ds, r)
	if err != nil {
		return nil, false, err
	}
	defer old.Close()
	if old.Refused() {
		return nil, false, nil
	}
	waiting := newWaiting(c.ds)
	for _, o := range faulty {
		if cells, ok := old.Fields(o.Content); ok && !slices.Contains(o.Fields, "") {
			waiting.add(o, cells)
		}
	}
	err = c.file.Each(ctx, func(line int64, cells map[string]string) {
		if !c.bad[line] {
			closed = append(closed, waiting.take(cells)...)
		}
	})
	return closed, true, err
}

// noteCorrected notes which rows a load closed.
func noteCorrected(ctx context.Context, conn *sql.Conn, load int, closed []warehouse.FaultyRow) error {
	if len(closed) == 0 {
		return nil
	}
	return warehouse.Append(ctx, conn, "", "ledger", "correcciones", func(add func(...driver.Value) error) error {
		for _, o := range closed {
			if err := add(int32(o.LoadID), o.Line, int32(load)); err != nil {
				return err
			}
		}
		return nil
	})
}

// CorrectAgain finds out anew which quarantined rows corrections closed, where an older
// program noted it: all of them or none. Those of datasets that are no longer declared
// stay as they were noted. ErrIntegrity where an archived file is
// missing or has other bytes.
func (j *Job) CorrectAgain(ctx context.Context) error {
	outdated, err := j.DB.CorrectionsOutdated(ctx)
	if err != nil || !outdated {
		return err
	}
	reports, err := j.DB.Reports(ctx)
	if err != nil {
		return err
	}
	byID := map[int]warehouse.Report{}
	for _, r := range reports {
		byID[r.ID] = r
	}
	loads, err := j.DB.Loads(ctx)
	if err != nil {
		return err
	}
	conn, err := j.DB.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	return warehouse.InTx(ctx, conn, func() error {
		for _, l := range loads {
			r, ds := byID[l.ReportID], j.Decls.Dataset(l.Dataset)
			if r.Corrects == 0 || ds == nil || l.Outcome != warehouse.Accepted && l.Outcome != warehouse.Partial {
				continue
			}
			if err := j.correctAgain(ctx, conn, ds, r, l.ID); err != nil {
				return fmt.Errorf("corrections of load %d: %w", l.ID, err)
			}
		}
		j.Log.Info("corrections noted anew")
		return warehouse.CorrectionsUpdated(ctx, conn)
	})
}

func (j *Job) correctAgain(ctx context.Context, conn *sql.Conn, ds *data.Dataset, r warehouse.Report, load int) error {
	file, err := j.Archived(ctx, ds, r)
	if err != nil {
		return err
	}
	defer file.Close()
	if file.Refused() {
		return nil // by the contract of now: what was noted stays
	}
	bad, err := warehouse.FaultyLines(ctx, conn, load)
	if err != nil {
		return err
	}
	closed, told, err := j.cameBack(ctx, conn, correction{ds: ds, corrects: r.Corrects, load: load, file: file, bad: bad})
	if err != nil || !told {
		return err // what was noted stays
	}
	if err := warehouse.ClearCorrected(ctx, conn, load); err != nil {
		return err
	}
	return noteCorrected(ctx, conn, load, closed)
}

// waiting holds quarantined rows by what of them was right, for each set of
// columns that were wrong.
type waiting struct {
	columns []string
	sets    map[string][]string                         // wrong columns, joined → themselves
	rows    map[string]map[string][]warehouse.FaultyRow // by set, then by the rest
}

func newWaiting(ds *data.Dataset) *waiting {
	w := &waiting{sets: map[string][]string{}, rows: map[string]map[string][]warehouse.FaultyRow{}}
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

func (w *waiting) add(o warehouse.FaultyRow, cells map[string]string) {
	slices.Sort(o.Fields)
	set := strings.Join(o.Fields, "\x00")
	if w.rows[set] == nil {
		w.sets[set], w.rows[set] = o.Fields, map[string][]warehouse.FaultyRow{}
	}
	k := w.rest(cells, o.Fields)
	w.rows[set][k] = append(w.rows[set][k], o)
}

// take gives the row, at most one for each set, that the record corrects.
func (w *waiting) take(cells map[string]string) []warehouse.FaultyRow {
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
