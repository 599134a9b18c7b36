package warehouse

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/gttim/cauce/data"
)

// relation is what the SQL templates of a dataset are filled with.
type relation struct {
	Table   string
	Columns []RawColumn
	Stored  []StoredColumn
	Clean   string
	Key     []string
	Own     map[string]bool // columns of the clean table
	Names   []string        // the same, in order
	Dataset string
	Amended bool   // a declared correction is about some column
	Marks   bool   // the contract has suppressed marks: rows tell whether they bear one
	Month   string // of a wide file, the raw table's column of the month
	Middle  int64  // of many delivered rows: the line that parts them in two
	Loads   []int  // those whose rows are read one by one

	Unlisted []RawColumn // where the columns lay before there were lists
}

// newRelation is a dataset's raw table, its values replaced by the corrections.
func newRelation(ds *data.Dataset, corrections []data.Correction) relation {
	columns, stored := Layout(ds)
	rel := relation{Table: ds.Table(), Columns: columns, Stored: stored, Key: rowKey(ds), Dataset: ds.ID, Amended: len(corrections) > 0, Marks: len(ds.Suppressed) > 0}
	for i := range columns {
		columns[i].Amended = slices.ContainsFunc(corrections, func(c data.Correction) bool { return c.Target.Name == columns[i].Name })
	}
	if ds.Wide != nil {
		rel.Month = ds.Wide.MonthName
	}
	return rel
}

// Altered tells whether rows are read otherwise than as the raw table shows them.
func (r relation) Altered() bool { return r.Marks || r.Amended }

// Reserved are the columns that the current view gives of its own.
func (relation) Reserved() map[string]bool {
	return map[string]bool{"load_id": true, "report_id": true, "publicado_en": true, "publicado_en_precision": true, "fuente": true}
}

// Register makes the datasets' tables and their views where they are missing or
// differ, then checkpoints once; anew are those whose clean table is new and empty:
// where loads are stored it is so again at the next start, until Cleaned.
// A clean.sql that does not run, or a layout that differs from the one rows are
// stored in, is an ErrDeclaration.
func (db *DB) Register(ctx context.Context, datasets ...*data.Dataset) (anew []*data.Dataset, err error) {
	raw, err := db.pairs(ctx, "raw_layouts.sql")
	if err != nil {
		return nil, wrap("registered datasets", err)
	}
	clean, err := db.pairs(ctx, "clean_layouts.sql")
	if err != nil {
		return nil, wrap("registered datasets", err)
	}
	for _, ds := range datasets {
		wrote, err := db.register(ctx, ds, raw[ds.ID], clean[ds.ID])
		if err != nil {
			return nil, err
		}
		if wrote {
			anew = append(anew, ds)
		}
	}
	if len(anew) == 0 {
		return nil, nil
	}
	return anew, db.Checkpoint(ctx)
}

// register makes one dataset's tables and views unless it stands with this layout.
func (db *DB) register(ctx context.Context, ds *data.Dataset, raw, clean string) (bool, error) {
	rel := newRelation(ds, ds.Corrections)
	rel.Clean, rel.Key = strings.TrimRight(strings.TrimSpace(ds.Clean), ";"), ds.Revision.Key
	layout := layoutText(rel.Columns, rel.Stored)
	if raw == layout && clean == ds.CleanHash {
		return false, nil
	}
	older := steps(ds, &rel, raw)
	if raw != "" && raw != layout && older == nil {
		return false, fmt.Errorf("dataset %s: its columns differ from those that rows are stored in; run `cauce rebuild`: %w", ds.ID, data.ErrDeclaration)
	}
	conn, err := db.Conn(ctx)
	if err != nil {
		return false, err
	}
	defer conn.Close()
	// What is half made stands for no declarations, those of before among them: a start
	// that dies here, or clean.sql that does not run, must not leave it so.
	if _, err := conn.ExecContext(ctx, mustSQL("put_cleaned.sql"), "", ds.ID); err != nil {
		return false, wrap("register "+ds.ID, err)
	}
	if older != nil {
		if err := db.convert(ctx, rel, older, layout); err != nil {
			return false, fmt.Errorf("dataset %s: %w", ds.ID, err)
		}
	}
	if err := create(ctx, conn, ds, rel); err != nil {
		return false, err
	}
	if _, err := conn.ExecContext(ctx, mustSQL("delete_dataset.sql"), ds.ID); err != nil {
		return false, wrap("register "+ds.ID, err)
	}
	cleaned := ds.CleanHash
	loads, err := db.StoredLoads(ctx, ds.ID)
	if err != nil {
		return false, err
	}
	if len(loads) > 0 {
		cleaned = "" // until Cleaned says so: a start that fails before must be made up for
	}
	if _, err := conn.ExecContext(ctx, mustSQL("put_dataset.sql"), ds.ID, layout, cleaned, db.Now()); err != nil {
		return false, wrap("register "+ds.ID, err)
	}
	return true, nil
}

// steps are the statements that bring rows into the layout of now which an older program
// stored in another one; nil where that is none of its.
func steps(ds *data.Dataset, rel *relation, raw string) []string {
	if raw == layoutText(rel.Columns, nil) { // column by column
		return []string{"raw_rename.sql.tmpl", "raw_table.sql.tmpl", "raw_convert.sql.tmpl"}
	}
	columns, stored := unlisted(ds)
	if columns == nil || raw != layoutText(columns, stored) {
		return nil
	}
	rel.Unlisted = columns
	return []string{"stored_rename.sql.tmpl", "raw_table.sql.tmpl", "stored_list.sql.tmpl"}
}

// convert moves the rows that an older program stored into the layout of now, all of them
// or, when the process dies, none. Lists are made by one thread, as when they are loaded.
func (db *DB) convert(ctx context.Context, rel relation, steps []string, layout string) (err error) {
	if rel.Unlisted != nil {
		before := db.Threads()
		if err := db.UseThreads(ctx, 1); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, db.UseThreads(ctx, before)) }()
	}
	err = db.inTx(ctx, func(tx *sql.Tx) error {
		for _, step := range steps {
			if err := run(ctx, tx, step, rel); err != nil {
				return err
			}
		}
		_, err := tx.ExecContext(ctx, mustSQL("put_layout.sql"), layout, rel.Dataset)
		return err
	})
	if err != nil {
		return wrap("convert stored rows", err)
	}
	return db.Checkpoint(ctx)
}

// Cleaned records that the dataset's clean rows are those that its declarations of
// now give, of every load.
func (db *DB) Cleaned(ctx context.Context, ds *data.Dataset) error {
	_, err := db.sql.ExecContext(ctx, mustSQL("put_cleaned.sql"), ds.CleanHash, ds.ID)
	return wrap("register "+ds.ID, err)
}

// create makes the raw table, the clean table (empty) and the views.
func create(ctx context.Context, conn Execer, ds *data.Dataset, rel relation) error {
	for _, step := range []string{"raw_table.sql.tmpl", "entrega.sql.tmpl", "clean_table.sql.tmpl"} {
		if err := run(ctx, conn, step, rel); err != nil {
			return fmt.Errorf("dataset %s: %s: %w: %w", ds.ID, step, err, data.ErrDeclaration)
		}
	}
	var err error
	if rel.Names, err = cleanColumns(ctx, conn, ds); err != nil {
		return err
	}
	rel.Own = map[string]bool{}
	for _, name := range rel.Names {
		rel.Own[name] = true
	}
	needs := append([]string{"periodo_inicio", "periodo_fin"}, ds.Revision.Key...)
	if rel.Marks { // else a sum would pass over what the source suppressed
		needs = append(needs, "suprimido")
	}
	for _, need := range needs {
		if !rel.Own[need] {
			return fmt.Errorf("dataset %s: clean.sql gives no column %q: %w", ds.ID, need, data.ErrDeclaration)
		}
	}
	for _, view := range []string{"current_" + string(ds.Revision.Policy) + ".sql.tmpl", "historia.sql.tmpl"} {
		if err := run(ctx, conn, view, rel); err != nil {
			return fmt.Errorf("dataset %s: %s: %w: %w", ds.ID, view, err, data.ErrDeclaration)
		}
	}
	return nil
}

// CleanColumns is the set of columns of the dataset's clean table besides load_id.
func CleanColumns(ctx context.Context, conn Execer, ds *data.Dataset) (map[string]bool, error) {
	names, err := cleanColumns(ctx, conn, ds)
	out := map[string]bool{}
	for _, n := range names {
		out[n] = true
	}
	return out, err
}

func cleanColumns(ctx context.Context, conn Execer, ds *data.Dataset) ([]string, error) {
	rows, err := conn.QueryContext(ctx, mustSQL("clean_columns.sql"), ds.Table())
	if err != nil {
		return nil, wrap("columns of "+ds.ID, err)
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, wrap("columns of "+ds.ID, err)
		}
		if name != "load_id" {
			out = append(out, name)
		}
	}
	return out, wrap("columns of "+ds.ID, rows.Err())
}

func run(ctx context.Context, conn Execer, name string, values any) error {
	q, err := render(name, values)
	if err != nil {
		return err
	}
	_, err = conn.ExecContext(ctx, q)
	return err
}

// CleanRows returns the clean rows of one load, each as the JSON object of its
// columns, in no order.
func (db *DB) CleanRows(ctx context.Context, conn Execer, ds *data.Dataset, load int) ([]map[string]any, error) {
	q, err := render("clean_rows.sql.tmpl", relation{Table: ds.Table()})
	if err != nil {
		return nil, err
	}
	rows, err := conn.QueryContext(ctx, q, load)
	if err != nil {
		return nil, wrap("clean rows of "+ds.ID, err)
	}
	defer rows.Close()
	var out []map[string]any
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			return nil, wrap("clean rows of "+ds.ID, err)
		}
		row := map[string]any{}
		if err := json.Unmarshal([]byte(text), &row); err != nil {
			return nil, wrap("clean rows of "+ds.ID, err)
		}
		out = append(out, row)
	}
	return out, wrap("clean rows of "+ds.ID, rows.Err())
}
