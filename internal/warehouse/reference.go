package warehouse

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
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
	changed := false
	for _, id := range ids {
		wrote, err := db.storeTable(ctx, tables[id])
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

func (db *DB) storeTable(ctx context.Context, t *data.Table) (bool, error) {
	sum := sha256.Sum256([]byte(t.ReferenceText()))
	hash := hex.EncodeToString(sum[:])
	var have string
	err := db.sql.QueryRowContext(ctx, mustSQL("reference_hash.sql"), t.ID).Scan(&have)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return false, err
	}
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

// coverageView is the name under which the view's content is recorded.
const coverageView = "current.cobertura"

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

// RegisterCoverage makes the view current.cobertura over these datasets: one row
// per dataset, tag and period that the rows in force cover, with the reports
// they come from. A dataset without coverage.sql covers its periods under tag ”.
func (db *DB) RegisterCoverage(ctx context.Context, datasets []*data.Dataset) error {
	var parts []coveragePart
	for _, ds := range datasets {
		q := strings.TrimRight(strings.TrimSpace(ds.Coverage), ";")
		if q == "" {
			var err error
			if q, err = render("coverage_default.sql.tmpl", relation{Table: ds.Table()}); err != nil {
				return err
			}
		}
		parts = append(parts, coveragePart{ds.ID, q})
	}
	q, err := render("coverage.sql.tmpl", parts)
	if err != nil {
		return err
	}
	sum := sha256.Sum256([]byte(q))
	hash := hex.EncodeToString(sum[:])
	var have string
	err = db.sql.QueryRowContext(ctx, mustSQL("reference_hash.sql"), coverageView).Scan(&have)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("coverage of datasets: %w", err)
	}
	if have == hash {
		return nil
	}
	err = db.inTx(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, q); err != nil {
			return fmt.Errorf("%w: %w", err, data.ErrDeclaration)
		}
		if _, err := tx.ExecContext(ctx, mustSQL("delete_reference.sql"), coverageView); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, mustSQL("put_reference.sql"), coverageView, hash)
		return err
	})
	if err != nil {
		return fmt.Errorf("coverage of datasets: %w", err)
	}
	return db.Checkpoint(ctx)
}
