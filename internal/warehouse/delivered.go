package warehouse

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/gttim/cauce/data"
)

// Rows are the rows of one load of a dataset, as the temporary views of a connection
// show them. A view that shows already what is asked for is not made again.
type Rows struct {
	conn      Execer
	ds        *data.Dataset
	load      int
	report    int    // of the load in hand
	loads     string // earlier loads that its report corrects, as JSON; "" while not asked for
	named     string // those that the variable corregidas names; "" while not known
	shown     string // template of the view `entrega` that stands; "" for none of ours
	amended   bool   // what corrections replace in the rows of now has been derived
	amendment bool   // rows that say so may be stored
	cleaned   bool   // clean rows of it may be stored
	middle    int64  // line up to which about half of its rows lie, 0 for few rows
}

// Stored are the rows of a load that is in the ledger.
func Stored(conn Execer, ds *data.Dataset, load int) *Rows {
	return &Rows{conn: conn, ds: ds, load: load, amendment: true, cleaned: true}
}

// Loading are the rows of the load in hand: its report is in the ledger, the load is
// not yet. It tells the connection which report and load that is.
func Loading(ctx context.Context, conn Execer, ds *data.Dataset, r Report, load int) (*Rows, error) {
	rows := &Rows{conn: conn, ds: ds, load: load, report: r.ID}
	// A dataset that supersedes by key needs no merging: the newer row rules.
	if r.Corrects == 0 || ds.Revision.Policy == data.AppendByKey {
		rows.loads = noLoads
	}
	return rows, rows.name(ctx)
}

// name says on the connection which load the views show.
func (r *Rows) name(ctx context.Context) error {
	r.named = noLoads
	return wrap("say which load is meant", run(ctx, r.conn, "loading.sql.tmpl", struct{ Load, Report int }{r.load, r.report}))
}

// Conn is the connection whose views show the rows.
func (r *Rows) Conn() Execer { return r.conn }

// Dataset is that of the load.
func (r *Rows) Dataset() *data.Dataset { return r.ds }

// Load is the load's id.
func (r *Rows) Load() int { return r.load }

// Changed says that the load's raw rows are no longer those they were.
func (r *Rows) Changed() { r.amended = false }

// Clean says that the load gets clean rows, and tells whether it may have had some.
func (r *Rows) Clean() (before bool) {
	before, r.cleaned = r.cleaned, true
	return before
}

// Many says that the load has many rows, about half of them up to the line. Rows that
// are not committed are read by one thread; as two halves they are by two.
func (r *Rows) Many(middle int64) { r.middle = middle }

// Delivered points the temporary view `entrega` at the load's rows, dictionary codes
// replaced by canonical values and declared corrections made (data.Correction).
func (r *Rows) Delivered(ctx context.Context) error {
	return r.point(ctx, "entrega.sql.tmpl", noLoads)
}

// Corrected is Delivered, but where the load's report corrects another, `entrega`
// holds what is then true of the corrected report's periods: of each key the row
// delivered last, among the load itself, the report it corrects and that report's
// earlier corrections.
func (r *Rows) Corrected(ctx context.Context) error {
	if r.loads == "" {
		r.loads = noLoads
		if r.ds.Revision.Policy != data.AppendByKey {
			err := r.conn.QueryRowContext(ctx, mustSQL("corrected_loads.sql"), r.load).Scan(&r.loads)
			if err != nil && !errors.Is(err, sql.ErrNoRows) {
				return wrap("loads that report corrects", err)
			}
		}
	}
	if r.loads == noLoads {
		return r.Delivered(ctx)
	}
	return r.point(ctx, "entrega_corregida.sql.tmpl", r.loads)
}

// Before is what a report in hand is held against: whether other reports of its
// dataset have rows in force, and whether any may be for what the report covers.
// Names are the columns of the clean table.
type Before struct {
	Any, Within bool
	Names       []string
}

// Compared makes, for the load in hand, the temporary views that rules across
// reports read: `limpia`, the clean rows of its report (with those of the report's
// other loads in force when this one only adds to them), and `anterior`, the rows
// in force without that report; `entrega` is as of Delivered.
func (r *Rows) Compared(ctx context.Context, l Load) (b Before, err error) {
	if err := r.Delivered(ctx); err != nil {
		return b, err
	}
	if b.Names, err = cleanColumns(ctx, r.conn, r.ds); err != nil {
		return b, err
	}
	rel := comparison{Policy: string(r.ds.Revision.Policy), Whole: l.Kind == KindReplay,
		relation: relation{Table: r.ds.Table(), Key: r.ds.Revision.Key, Dataset: r.ds.ID, Names: b.Names, Own: map[string]bool{}}}
	for _, n := range b.Names {
		rel.Own[n] = true
	}
	for _, step := range []string{"limpia.sql.tmpl", "vigentes.sql.tmpl"} {
		if err := run(ctx, r.conn, step, rel); err != nil {
			return b, fmt.Errorf("views of %s to compare with: %w", r.ds.ID, err)
		}
	}
	var args []any
	if r.ds.Revision.Policy == data.ReplacePeriods {
		args = []any{nullTime(l.FirstPeriod), nullTime(l.LastPeriod)}
	}
	q, err := render("vigentes_resumen.sql.tmpl", rel)
	if err != nil {
		return b, err
	}
	if err := r.conn.QueryRowContext(ctx, q, args...).Scan(&b.Any, &b.Within); err != nil {
		return b, fmt.Errorf("what was in force of %s: %w", r.ds.ID, err)
	}
	rel.Nothing = !b.Any
	if err := run(ctx, r.conn, "anterior.sql.tmpl", rel); err != nil {
		return b, fmt.Errorf("views of %s to compare with: %w", r.ds.ID, err)
	}
	return b, nil
}

// comparison is what the templates of the views to compare with are filled with.
type comparison struct {
	relation
	Policy  string
	Whole   bool // of `limpia`: with the report's other loads in force
	Nothing bool // nothing was in force before
}

// noLoads is an empty JSON list.
const noLoads = "[]"

func (r *Rows) point(ctx context.Context, name string, corrected string) error {
	if err := r.amend(ctx); err != nil {
		return err
	}
	return r.view(ctx, name, r.ds.Corrections, corrected)
}

// view makes one of the views of delivered rows and says of which loads they are.
func (r *Rows) view(ctx context.Context, name string, corrections []data.Correction, corrected string) error {
	if r.named == "" {
		if err := r.name(ctx); err != nil {
			return err
		}
	}
	if r.named != corrected {
		if _, err := r.conn.ExecContext(ctx, mustSQL("set_corregidas.sql"), corrected); err != nil {
			return wrap("view of delivered rows of "+r.ds.ID, err)
		}
		r.named = corrected
	}
	shown := fmt.Sprintf("%s, %d, %d, %s", name, len(corrections), r.middle, corrected)
	if r.shown == shown {
		return nil
	}
	rel := newRelation(r.ds, corrections)
	rel.Middle = r.middle
	if err := json.Unmarshal([]byte(corrected), &rel.Loads); err != nil {
		return wrap("loads that report corrects", err)
	}
	rel.Loads = append(rel.Loads, r.load)
	if err := run(ctx, r.conn, name, rel); err != nil {
		return fmt.Errorf("view of delivered rows of %s: %w", r.ds.ID, err)
	}
	r.shown = shown
	return nil
}

// rowKey is the key of the raw table's rows: the contract's and, where months are
// columns, the month and the part of it.
func rowKey(ds *data.Dataset) []string {
	if ds.Wide == nil {
		return ds.Key
	}
	key := append(append([]string(nil), ds.Key...), ds.Wide.MonthName)
	if ds.Hierarchy != nil && ds.Hierarchy.Parts != nil {
		key = append(key, ds.Hierarchy.Parts.Name)
	}
	return key
}

// amend derives which values of a load the dataset's declared corrections replace.
// A correction that names the load's report and does not find the row, or finds
// another value than it expects, is an ErrDeclaration that starts with where it is
// declared: nothing is corrected by guess, and no figure is made of a value that is
// known to be wrong.
func (r *Rows) amend(ctx context.Context) error {
	if r.amended {
		return nil
	}
	if r.amendment {
		if _, err := r.conn.ExecContext(ctx, mustSQL("clear_enmiendas.sql"), r.load); err != nil {
			return wrap("corrections of "+r.ds.ID, err)
		}
	}
	r.amendment = len(r.ds.Corrections) > 0
	if r.amendment {
		if err := r.derive(ctx); err != nil {
			return err
		}
	}
	r.amended = true
	return nil
}

// derive finds the values that the declared corrections speak of.
func (r *Rows) derive(ctx context.Context) error {
	ds, load := r.ds, r.load
	var of Report
	var published string
	var must bool
	err := r.conn.QueryRowContext(ctx, mustSQL("corrected_report.sql"), load).Scan(&of.ID, &of.Name, &of.SHA256, &of.Source, &published, &must)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return wrap("corrections of "+ds.ID, err)
	}
	if err := r.view(ctx, "entrega.sql.tmpl", nil, noLoads); err != nil {
		return err
	}
	for i := range ds.Corrections {
		c := &ds.Corrections[i]
		if c.Report.SHA256 != of.SHA256 && (c.Report.Source == "" || c.Report.Source != of.Source || !strings.HasPrefix(published, c.Report.Published)) {
			continue
		}
		line, err := corrected(ctx, r.conn, ds, c, load, must)
		if err != nil {
			return fmt.Errorf("%s: correction %s of report %d (%s): %w", c.At, c.ID, of.ID, data.Printable(of.Name), err)
		}
		if line == 0 {
			continue
		}
		var stands any
		if c.Corrected != nil {
			stands = *c.Corrected
		}
		if _, err := r.conn.ExecContext(ctx, mustSQL("insert_enmienda.sql"), load, line, c.Month, c.Target.Name, i+1, c.ID, c.At, c.Column,
			string(c.Expect), string(c.Value), stands, c.Reason, c.Source, c.Since); err != nil {
			return wrap("corrections of "+ds.ID, err)
		}
	}
	return nil
}

// corrected finds the line of the row that a correction speaks of, 0 when another
// load of the report or the quarantine may hold it.
func corrected(ctx context.Context, conn Execer, ds *data.Dataset, c *data.Correction, load int, must bool) (int64, error) {
	type key struct {
		Name, Type string
		Place      int
	}
	v := struct {
		Column, Type, MonthName string
		Month                   int
		Keys                    []key
	}{Column: c.Target.Name, Type: textType(c.Target), Month: c.Month}
	if ds.Wide != nil {
		v.MonthName = ds.Wide.MonthName
	}
	args := []any{nil}
	if c.Expected != nil {
		args[0] = *c.Expected
	}
	for _, col := range ds.Columns {
		if _, ok := c.Key[col.Name]; !ok {
			continue
		}
		var value any
		if s, ok := c.Rows[col.Name]; ok {
			value = s
		}
		args = append(args, value)
		v.Keys = append(v.Keys, key{col.Name, textType(col), len(args)})
	}
	if len(v.Keys) == 0 {
		args = append(args, c.Line)
	}
	q, err := render("find_corrected.sql.tmpl", v)
	if err != nil {
		return 0, err
	}
	var line int64
	var found string
	var fits bool
	err = conn.QueryRowContext(ctx, q, args...).Scan(&line, &found, &fits)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		if !must {
			return 0, nil
		}
		var held bool
		if err := conn.QueryRowContext(ctx, mustSQL("quarantined_line.sql"), load, c.Line).Scan(&held); err != nil || held {
			return 0, wrap("corrections of "+ds.ID, err)
		}
		return 0, fmt.Errorf("the report has no such row: %w", data.ErrDeclaration)
	case err != nil:
		return 0, wrap("corrections of "+ds.ID, err)
	case !fits:
		if ds.Class == data.ClassSensitive || ds.Class == data.ClassRestricted {
			found = data.Hidden
		}
		return 0, fmt.Errorf("line %d has %q in column %q where it expects %q; if the source is mended, the correction must name the older report by its sha256 or go: %w",
			line, data.Printable(found), c.Column, data.Printable(string(c.Expect)), data.ErrDeclaration)
	}
	return line, nil
}

// textType is the type of a column's values once dictionary codes are replaced by
// what they mean.
func textType(c data.Column) string {
	if c.Dictionary() {
		return sqlTypes[data.TypeText]
	}
	return sqlTypes[c.Type]
}
