package acceptance

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/gttim/cauce/internal/warehouse"
)

// state writes down everything that a home holds and that must be the same after
// a crash: every row of the warehouse and of the publication, what the journals
// say, and which files lie where. Times, and the numbers of publications, are
// left out: they are those of the run. The form is rows, or digest where tables
// are long.
func state(ctx context.Context, home, form string) (string, error) {
	var out []string
	files, err := fileState(home)
	if err != nil {
		return "", err
	}
	out = append(out, files...)
	published, _, err := warehouse.Current(home)
	if err != nil {
		return "", err
	}
	for name, path := range map[string]string{"published": published, "warehouse": filepath.Join(home, "warehouse.duckdb")} {
		rows, err := tableState(ctx, path, name, form)
		if err != nil {
			return "", fmt.Errorf("%s: %w", name, err)
		}
		out = append(out, rows...)
	}
	slices.Sort(out)
	return strings.Join(out, "\n") + "\n", nil
}

func mustState(tb testing.TB, home, form string) string {
	tb.Helper()
	s, err := state(tb.Context(), home, form)
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

// table is one table of a database and its columns that do not hold a time.
type table struct {
	Schema, Name string
	Columns      []string
}

func tableState(ctx context.Context, path, name, form string) (out []string, err error) {
	db, err := warehouse.OpenPublished(path)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	tables, err := listTables(ctx, db)
	if err != nil {
		return nil, err
	}
	for _, t := range tables {
		text, err := os.ReadFile(filepath.Join("testdata/sql", form+".sql.tmpl"))
		if err != nil {
			return nil, err
		}
		query, err := warehouse.Render(form, string(text), t)
		if err != nil {
			return nil, err
		}
		rows, err := queryTexts(ctx, db, query)
		if err != nil {
			return nil, fmt.Errorf("%s.%s: %w", t.Schema, t.Name, err)
		}
		for _, row := range rows {
			out = append(out, fmt.Sprintf("%s %s.%s: %s", name, t.Schema, t.Name, row[0]))
		}
	}
	return out, nil
}

func listTables(ctx context.Context, db *sql.DB) ([]table, error) {
	text, err := os.ReadFile("testdata/sql/columns.sql")
	if err != nil {
		return nil, err
	}
	rows, err := queryTexts(ctx, db, string(text))
	if err != nil {
		return nil, err
	}
	var out []table
	for _, r := range rows {
		if n := len(out); n == 0 || out[n-1].Schema != r[0] || out[n-1].Name != r[1] {
			out = append(out, table{Schema: r[0], Name: r[1]})
		}
		last := &out[len(out)-1]
		last.Columns = append(last.Columns, r[2])
	}
	return out, nil
}

// queryTexts gives the rows of a query whose columns are all texts.
func queryTexts(ctx context.Context, db *sql.DB, query string) ([][]string, error) {
	rows, err := db.QueryContext(ctx, query)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return nil, err
	}
	var out [][]string
	for rows.Next() {
		row, into := make([]string, len(columns)), make([]any, len(columns))
		for i := range row {
			into[i] = &row[i]
		}
		if err := rows.Scan(into...); err != nil {
			return nil, err
		}
		out = append(out, row)
	}
	return out, rows.Err()
}

// fileState lists the files of the folders that the load protocol moves files
// between, and the acts of the archive's journals.
func fileState(home string) ([]string, error) {
	var out []string
	for _, dir := range []string{"inbox", "done", "refused", "archive", "tmp"} {
		err := filepath.WalkDir(filepath.Join(home, dir), func(path string, d os.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			rel, err := filepath.Rel(home, path)
			if err != nil {
				return err
			}
			out = append(out, "file "+rel)
			if dir == "archive" && strings.HasSuffix(rel, ".json") {
				acts, err := journalState(path)
				out = append(out, acts...)
				return err
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

func journalState(path string) ([]string, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var journal struct {
		SHA256 string           `json:"sha256"`
		Acts   []map[string]any `json:"actos"`
	}
	if err := json.Unmarshal(text, &journal); err != nil {
		return nil, err
	}
	var out []string
	for _, act := range journal.Acts {
		delete(act, "llegada")
		b, err := json.Marshal(act)
		if err != nil {
			return nil, err
		}
		out = append(out, "act "+journal.SHA256+" "+string(b))
	}
	return out, nil
}

// difference tells the first lines that only one of two states has.
func difference(got, want string) string {
	var b strings.Builder
	one := func(what, in, other string) {
		has := map[string]int{}
		for line := range strings.Lines(other) {
			has[line]++
		}
		n := 0
		for line := range strings.Lines(in) {
			if has[line]--; has[line] < 0 && n < 12 {
				n++
				fmt.Fprintf(&b, "%s %.400s", what, line)
			}
		}
	}
	one("-", want, got)
	one("+", got, want)
	return b.String()
}
