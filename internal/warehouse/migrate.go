package warehouse

import (
	"context"
	"database/sql"
	"fmt"
	"io/fs"
	"path"
	"strconv"
	"strings"

	"github.com/gttim/cauce/data"
)

// migrate brings the schema to the newest migration, each in its own
// transaction together with the row that records it, and checkpoints after each:
// a process killed in between leaves the schema before or after, never half.
func (db *DB) migrate(ctx context.Context) error {
	if _, err := db.sql.ExecContext(ctx, mustSQL("schema_version.sql")); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	var have int
	if err := db.sql.QueryRowContext(ctx, mustSQL("schema_version_get.sql")).Scan(&have); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	files, err := fs.Glob(sqlFiles, "migrations/*.sql")
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	if have > len(files) {
		return fmt.Errorf("database has schema %d, this binary knows %d: install the newer program: %w", have, len(files), data.ErrDeclaration)
	}
	for _, f := range files[have:] {
		if err := db.migrateFile(ctx, f); err != nil {
			return err
		}
	}
	return nil
}

func (db *DB) migrateFile(ctx context.Context, name string) error {
	number, err := strconv.Atoi(strings.TrimSuffix(path.Base(name), ".sql"))
	if err != nil {
		return fmt.Errorf("migrate %s: %w", name, err)
	}
	text, err := sqlFiles.ReadFile(name)
	if err != nil {
		return fmt.Errorf("migrate %s: %w", name, err)
	}
	err = db.inTx(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, string(text)); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, mustSQL("schema_version_put.sql"), number, db.Now())
		return err
	})
	if err != nil {
		return fmt.Errorf("migrate %s: %w", name, err)
	}
	return db.Checkpoint(ctx)
}

// inTx runs do in one transaction. A transaction is never used after an error.
func (db *DB) inTx(ctx context.Context, do func(*sql.Tx) error) error {
	tx, err := db.sql.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := do(tx); err != nil {
		tx.Rollback()
		return err
	}
	return tx.Commit()
}
