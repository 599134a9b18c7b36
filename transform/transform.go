package transform

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"strings"
	"time"

	"github.com/gttim/cauce/internal/warehouse"
)

//go:embed sql
var sqlFiles embed.FS

// cleanRelation fills the SQL templates of one dataset.
type cleanRelation struct {
	Table, Clean string
	Load         int
}

// Clean writes the clean rows of one load, which is a pure function of its raw
// rows and the dataset's clean.sql; running it again gives the same rows. It
// returns the first and last day the rows cover (zero when there is none). It
// runs on the connection of the rows, inside the caller's transaction.
func Clean(ctx context.Context, rows *warehouse.Rows) (first, last time.Time, err error) {
	if err := rows.Corrected(ctx); err != nil {
		return first, last, err
	}
	conn, ds, load := rows.Conn(), rows.Dataset(), rows.Load()
	rel := cleanRelation{Table: ds.Table(), Clean: strings.TrimRight(strings.TrimSpace(ds.Clean), ";"), Load: load}
	steps := []string{"clean_fill.sql.tmpl"}
	if rows.Clean() {
		steps = []string{"clean_clear.sql.tmpl", "clean_fill.sql.tmpl"}
	}
	for _, step := range steps {
		q, err := renderFile(step, rel)
		if err != nil {
			return first, last, err
		}
		if _, err := conn.ExecContext(ctx, q); err != nil {
			return first, last, fmt.Errorf("clean %s, load %d: %w", ds.ID, load, err)
		}
	}
	q, err := renderFile("clean_periods.sql.tmpl", rel)
	if err != nil {
		return first, last, err
	}
	var a, b sql.NullTime
	if err := conn.QueryRowContext(ctx, q).Scan(&a, &b); err != nil {
		return first, last, fmt.Errorf("periods of %s, load %d: %w", ds.ID, load, err)
	}
	return a.Time, b.Time, nil
}

func renderFile(name string, values any) (string, error) {
	b, err := sqlFiles.ReadFile("sql/" + name)
	if err != nil {
		return "", err
	}
	return warehouse.Render(name, string(b), values)
}

// mustSQL returns an embedded statement; a missing file is a fault of the build.
func mustSQL(name string) string {
	b, err := sqlFiles.ReadFile("sql/" + name)
	if err != nil {
		panic(err)
	}
	return string(b)
}
