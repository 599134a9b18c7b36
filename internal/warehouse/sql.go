package warehouse

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"embed"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"text/template"

	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/duckdb/duckdb-go/v2"
	"github.com/gttim/cauce/data"
)

// Decimal and Map are the driver's types for DECIMAL and MAP values, named here
// so that no other package has to know the driver.
type (
	Decimal = duckdb.Decimal
	Map     = duckdb.Map
)

// IsBinding tells whether the database refused a statement for what it says (a
// syntax error, an unknown table or column), not for what it met while running.
func IsBinding(err error) bool {
	var e *duckdb.Error
	if !errors.As(err, &e) {
		return false
	}
	switch e.Type {
	case duckdb.ErrorTypeParser, duckdb.ErrorTypeSyntax, duckdb.ErrorTypeBinder, duckdb.ErrorTypeCatalog:
		return true
	}
	return false
}

// IsOutOfMemory tells whether the database ran out of the memory that it may use.
func IsOutOfMemory(err error) bool {
	var e *duckdb.Error
	return errors.As(err, &e) && e.Type == duckdb.ErrorTypeOutOfMemory
}

// says tells whether the database's error has one of these in its words: of what it met
// in a file it gives no kind of its own.
func says(err error, words ...string) bool {
	var e *duckdb.Error
	return errors.As(err, &e) && slices.ContainsFunc(words, func(w string) bool { return strings.Contains(e.Msg, w) })
}

// IsDamaged tells whether the database read other bytes from its file than it wrote.
func IsDamaged(err error) bool {
	return says(err, "Corrupt database file", "Could not read enough bytes from file")
}

//go:embed sql/*.sql sql/*.tmpl migrations/*.sql
var sqlFiles embed.FS

//go:embed published.sql
var publishedTables string

// Ident quotes an identifier. It is the only place where a name, always one
// from a validated declaration, becomes part of a statement.
func Ident(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

// Literal quotes a text as an SQL literal, for the places that take no
// parameter (settings, ATTACH).
func Literal(s string) string { return `'` + strings.ReplaceAll(s, `'`, `''`) + `'` }

// mustSQL returns an embedded statement; a missing file is a fault of the build.
func mustSQL(name string) string {
	b, err := sqlFiles.ReadFile("sql/" + name)
	if err != nil {
		panic(err)
	}
	return string(b)
}

// Integer is a parameter for an INTEGER. As a plain int it would be a BIGINT, and a
// statement whose parameters turn out to be of another type is planned twice.
func Integer(n int) any { return duckdb.Typed(int32(n), duckdb.TYPE_INTEGER) }

// parsed are the templates read so far, by their text: each is filled again and again.
var parsed sync.Map

// Render fills an SQL template, one of the program's own, whose only functions are
// ident and literal.
func Render(name, text string, values any) (string, error) {
	known, ok := parsed.Load(text)
	if !ok {
		t, err := template.New(name).Funcs(template.FuncMap{"ident": Ident, "literal": Literal}).Option("missingkey=error").Parse(text)
		if err != nil {
			return "", fmt.Errorf("parse %s: %w", name, err)
		}
		known, _ = parsed.LoadOrStore(text, t)
	}
	t := known.(*template.Template)
	var b strings.Builder
	if err := t.Execute(&b, values); err != nil {
		return "", fmt.Errorf("fill %s: %w", name, err)
	}
	return b.String(), nil
}

func render(name string, values any) (string, error) {
	text := mustSQL(name)
	if strings.Contains(text, "{{template") { // to read what it does not use takes ten times as long
		text = mustSQL("provenance.sql.tmpl") + mustSQL("delivered.sql.tmpl") + text
	}
	return Render(name, text, values)
}

// InTx runs do in a transaction of the connection, and undoes what it did where it
// fails or the context ends. The transaction itself does not hear of the end: database/sql
// would undo it and take the connection away while do is still using it, and what do
// writes after that would be written by itself.
func InTx(ctx context.Context, conn *sql.Conn, do func() error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	tx, err := conn.BeginTx(context.WithoutCancel(ctx), nil)
	if err != nil {
		return wrap("begin", err)
	}
	if err = do(); err == nil {
		err = ctx.Err()
	}
	if err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return wrap("commit", tx.Commit())
}

// Append adds rows to a table within the connection's transaction, through the
// appender: a statement per row costs more than making the row. Database is ""
// for the warehouse itself.
func Append(ctx context.Context, conn *sql.Conn, database, schema, table string, fill func(add func(...driver.Value) error) error) error {
	return conn.Raw(func(dc any) error {
		a, err := duckdb.NewAppender(dc.(driver.Conn), database, schema, table)
		if err != nil {
			return fmt.Errorf("append to %s.%s: %w", schema, table, err)
		}
		err = fill(func(row ...driver.Value) error {
			if err := ctx.Err(); err != nil {
				return err
			}
			return a.AppendRow(row...)
		})
		if cerr := a.Close(); err == nil {
			err = cerr
		}
		if err != nil {
			return fmt.Errorf("append to %s.%s: %w", schema, table, err)
		}
		return nil
	})
}

// Offer makes records readable by every connection until they are withdrawn: as views of
// the names it gives, in the database of this process's memory. They are read once. The
// connection is in no transaction: one that makes the views could not write into the
// warehouse.
func (db *DB) Offer(ctx context.Context, conn *sql.Conn, offers ...array.RecordReader) (names []string, withdraw func() error, err error) {
	// Whatever becomes of the load, its connection ends in the warehouse, and no view
	// must outlive what it reads.
	always := context.WithoutCancel(ctx)
	releases := map[string]func(){}
	withdraw = func() error {
		var errs []error
		for name, release := range releases {
			// On any connection: a load that was cancelled has lost its own.
			if err := run(always, db.sql, "drop_offered.sql.tmpl", struct{ Name string }{name}); err != nil {
				errs = append(errs, wrap("withdraw rows", err)) // and not released: the name is still there
				continue
			}
			release()
			delete(releases, name)
		}
		return errors.Join(errs...)
	}
	_, err = conn.ExecContext(ctx, mustSQL("use_memory.sql"))
	if err == nil {
		err = conn.Raw(func(dc any) error {
			a, err := duckdb.NewArrowFromConn(dc.(driver.Conn))
			for _, rows := range offers {
				if err != nil {
					return err
				}
				name := fmt.Sprintf("filas_%d", db.offered.Add(1))
				var release func()
				if release, err = a.RegisterView(rows, name); err == nil {
					releases[name], names = release, append(names, name)
				}
			}
			return err
		})
	}
	if _, back := conn.ExecContext(always, useWarehouse); back != nil {
		err = errors.Join(err, back)
	}
	if err != nil {
		return nil, nil, wrap("offer rows", errors.Join(err, withdraw()))
	}
	return names, withdraw, nil
}

// OneSelect holds that a declared text is one SELECT and nothing else, without
// running it: no second statement, nothing that writes, attaches or sets. The
// ErrDeclaration that it gives starts with name:line:column where there is a place.
func OneSelect(ctx context.Context, conn Execer, name, text string) error {
	rows, err := conn.QueryContext(ctx, mustSQL("parse.sql"), text)
	if err != nil {
		return wrap("parse "+name, err)
	}
	defer rows.Close()
	var mistake string
	var at, statements int
	for rows.Next() {
		if err := rows.Scan(&mistake, &at, &statements); err != nil {
			return wrap("parse "+name, err)
		}
	}
	if err := rows.Err(); err != nil {
		return wrap("parse "+name, err)
	}
	switch {
	case mistake != "" && at >= 0 && at <= len(text):
		before := text[:at]
		line := strings.Count(before, "\n") + 1
		return fmt.Errorf("%s:%d:%d: %s: %w", name, line, at-strings.LastIndexByte(before, '\n'), mistake, data.ErrDeclaration)
	case mistake != "":
		return fmt.Errorf("%s: not a SELECT, the only statement that a declaration may hold (%s): %w", name, mistake, data.ErrDeclaration)
	case statements != 1:
		return fmt.Errorf("%s: %d statements, expected one SELECT: %w", name, statements, data.ErrDeclaration)
	}
	return nil
}
