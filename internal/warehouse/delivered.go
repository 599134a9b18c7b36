package warehouse

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"github.com/gttim/cauce/data"
)

// Loading tells the connection which report the load in hand belongs to, while
// its ledger row is not written yet.
func Loading(ctx context.Context, conn Execer, report int) error {
	_, err := conn.ExecContext(ctx, mustSQL("set_reporte.sql"), report)
	return wrap("say which report is loading", err)
}

// Delivered points the temporary view `entrega` of the connection at the rows of
// one load of the dataset, dictionary codes replaced by canonical values and declared
// corrections made (data.Correction).
func Delivered(ctx context.Context, conn Execer, ds *data.Dataset, load int) error {
	return point(ctx, conn, ds, "entrega.sql.tmpl", load, noLoads)
}

// Corrected is Delivered, but where the load's report corrects another, `entrega`
// holds what is then true of the corrected report's periods: of each key the row
// delivered last, among the load itself, the report it corrects and that report's
// earlier corrections.
func Corrected(ctx context.Context, conn Execer, ds *data.Dataset, load int) error {
	corrected := noLoads
	// A dataset that supersedes by key needs no merging: the newer row rules.
	if ds.Revision.Policy != data.AppendByKey {
		err := conn.QueryRowContext(ctx, mustSQL("corrected_loads.sql"), load).Scan(&corrected)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return wrap("loads that report corrects", err)
		}
	}
	if corrected == noLoads {
		return Delivered(ctx, conn, ds, load)
	}
	return point(ctx, conn, ds, "entrega_corregida.sql.tmpl", load, corrected)
}

// Compared makes, for the load in hand, the temporary views that rules across
// reports read: `limpia`, the clean rows of its report (with those of the report's
// other loads in force when this one only adds to them), and `anterior`, the rows
// in force without that report; `entrega` is as of Delivered. Loading has said which
// report it is. It returns the columns of the clean table.
func Compared(ctx context.Context, conn Execer, ds *data.Dataset, l Load) ([]string, error) {
	if err := Delivered(ctx, conn, ds, l.ID); err != nil {
		return nil, err
	}
	names, err := cleanColumns(ctx, conn, ds)
	if err != nil {
		return nil, err
	}
	rel := relation{Table: ds.Table(), Key: ds.Revision.Key, Dataset: ds.ID, Names: names, Own: map[string]bool{}, Before: true, Whole: l.Kind == KindReplay}
	for _, n := range names {
		rel.Own[n] = true
	}
	for _, view := range []string{"limpia.sql.tmpl", "current_" + string(ds.Revision.Policy) + ".sql.tmpl"} {
		if err := run(ctx, conn, view, rel); err != nil {
			return nil, fmt.Errorf("views of %s to compare with: %w", ds.ID, err)
		}
	}
	return names, nil
}

// noLoads is an empty JSON list.
const noLoads = "[]"

func point(ctx context.Context, conn Execer, ds *data.Dataset, name string, load int, corrected string) error {
	if err := amend(ctx, conn, ds, load); err != nil {
		return err
	}
	return view(ctx, conn, name, newRelation(ds, ds.Corrections), load, corrected)
}

// view makes one of the views of delivered rows and says of which loads they are.
func view(ctx context.Context, conn Execer, name string, rel relation, load int, corrected string) error {
	if err := run(ctx, conn, name, rel); err != nil {
		return fmt.Errorf("view of delivered rows of %s: %w", rel.Dataset, err)
	}
	if _, err := conn.ExecContext(ctx, mustSQL("set_entrega.sql"), load); err != nil {
		return wrap("view of delivered rows of "+rel.Dataset, err)
	}
	_, err := conn.ExecContext(ctx, mustSQL("set_corregidas.sql"), corrected)
	return wrap("view of delivered rows of "+rel.Dataset, err)
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
func amend(ctx context.Context, conn Execer, ds *data.Dataset, load int) error {
	if _, err := conn.ExecContext(ctx, mustSQL("clear_enmiendas.sql"), load); err != nil {
		return wrap("corrections of "+ds.ID, err)
	}
	if len(ds.Corrections) == 0 {
		return nil
	}
	var r Report
	var published string
	var must bool
	err := conn.QueryRowContext(ctx, mustSQL("corrected_report.sql"), load).Scan(&r.ID, &r.Name, &r.SHA256, &r.Source, &published, &must)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return wrap("corrections of "+ds.ID, err)
	}
	if err := view(ctx, conn, "entrega.sql.tmpl", newRelation(ds, nil), load, noLoads); err != nil {
		return err
	}
	for i := range ds.Corrections {
		c := &ds.Corrections[i]
		if c.Report.SHA256 != r.SHA256 && (c.Report.Source == "" || c.Report.Source != r.Source || !strings.HasPrefix(published, c.Report.Published)) {
			continue
		}
		line, err := corrected(ctx, conn, ds, c, load, must)
		if err != nil {
			return fmt.Errorf("%s: correction %s of report %d (%s): %w", c.At, c.ID, r.ID, data.Printable(r.Name), err)
		}
		if line == 0 {
			continue
		}
		var stands any
		if c.Corrected != nil {
			stands = *c.Corrected
		}
		if _, err := conn.ExecContext(ctx, mustSQL("insert_enmienda.sql"), load, line, c.Month, c.Target.Name, i+1, c.ID, c.At, c.Column,
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
