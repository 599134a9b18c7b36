package warehouse

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"github.com/gttim/cauce/data"
)

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
