package warehouse

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

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
// columns, the month.
func rowKey(ds *data.Dataset) []string {
	if ds.Wide == nil {
		return ds.Key
	}
	return append(append([]string(nil), ds.Key...), ds.Wide.MonthName)
}
