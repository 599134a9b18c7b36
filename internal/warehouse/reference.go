package warehouse

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"sort"
	"strings"

	"github.com/gttim/cauce/data"
)

// StoreReference makes schema `reference` hold the given tables, all columns
// text, writing only those that changed.
func (db *DB) StoreReference(ctx context.Context, tables map[string]*data.Table) error {
	ids := make([]string, 0, len(tables))
	for id := range tables {
		ids = append(ids, id)
	}
	sort.Strings(ids)
	stored, err := db.pairs(ctx, "reference_hashes.sql")
	if err != nil {
		return fmt.Errorf("stored reference tables: %w", err)
	}
	changed := false
	for _, id := range ids {
		wrote, err := db.storeTable(ctx, tables[id], stored[id])
		if err != nil {
			return fmt.Errorf("store reference table %s: %w", id, err)
		}
		changed = changed || wrote
	}
	if !changed {
		return nil
	}
	return db.Checkpoint(ctx)
}

// pairs reads a statement of two text columns: what is known by name, all in one
// statement, since each costs more than reading everything.
func (db *DB) pairs(ctx context.Context, file string) (map[string]string, error) {
	rows, err := db.sql.QueryContext(ctx, mustSQL(file))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[string]string{}
	for rows.Next() {
		var name, value string
		if err := rows.Scan(&name, &value); err != nil {
			return nil, err
		}
		out[name] = value
	}
	return out, rows.Err()
}

func (db *DB) storeTable(ctx context.Context, t *data.Table, have string) (bool, error) {
	sum := sha256.Sum256([]byte(t.ReferenceText()))
	hash := hex.EncodeToString(sum[:])
	if have == hash {
		return false, nil
	}
	create, err := render("reference_table.sql.tmpl", t)
	if err != nil {
		return false, err
	}
	fill, err := render("reference_rows.sql.tmpl", t)
	if err != nil {
		return false, err
	}
	rows, err := json.Marshal(t.Rows)
	if err != nil {
		return false, err
	}
	return true, db.inTx(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, create); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, fill, string(rows)); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, mustSQL("delete_reference.sql"), t.ID); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, mustSQL("put_reference.sql"), t.ID, hash)
		return err
	})
}

type coveragePart struct{ Dataset, SQL string }

// Loaded lists the datasets of which any load holds rows.
func (db *DB) Loaded(ctx context.Context) (map[string]bool, error) {
	rows, err := db.sql.QueryContext(ctx, mustSQL("loaded_datasets.sql"))
	if err != nil {
		return nil, wrap("list loaded datasets", err)
	}
	defer rows.Close()
	out := map[string]bool{}
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return nil, wrap("list loaded datasets", err)
		}
		out[id] = true
	}
	return out, wrap("list loaded datasets", rows.Err())
}

// Cover makes on the connection the view cobertura over these datasets, one row per
// dataset, tag and period that the rows in force cover, with the reports they come
// from, and the view entregas of all deliveries. A dataset without coverage.sql
// covers its periods under tag ”. They are of the connection, since what is covered
// changes with every first load of a dataset, and stored views would be DDL.
func Cover(ctx context.Context, conn Execer, datasets []*data.Dataset) error {
	var parts []coveragePart
	for _, ds := range datasets {
		q, err := CoverageSQL(ds)
		if err != nil {
			return err
		}
		parts = append(parts, coveragePart{ds.ID, q})
	}
	return cover(ctx, conn, parts)
}

// CoverFrom makes the same views of a statement that gives what every dataset covers,
// its column conjunto besides those of CoverageSQL.
func CoverFrom(ctx context.Context, conn Execer, all string) error {
	return cover(ctx, conn, []coveragePart{{"", all}})
}

func cover(ctx context.Context, conn Execer, parts []coveragePart) error {
	err := run(ctx, conn, "coverage.sql.tmpl", parts)
	if IsBinding(err) {
		return fmt.Errorf("coverage of datasets: %w: %w", err, data.ErrDeclaration)
	}
	return wrap("coverage of datasets", err)
}

// CoverageSQL is the statement that gives the periods that a dataset's rows in force
// cover, by tag and report: its coverage.sql, or all its periods under tag ”.
func CoverageSQL(ds *data.Dataset) (string, error) {
	if q := strings.TrimRight(strings.TrimSpace(ds.Coverage), ";"); q != "" {
		return q, nil
	}
	return render("coverage_default.sql.tmpl", relation{Table: ds.Table()})
}
