package ingest

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"embed"
	"iter"
	"slices"
	"time"

	"github.com/gttim/cauce/data"
	"github.com/gttim/cauce/ingest/gate"
	"github.com/gttim/cauce/ingest/gate/cell"
	"github.com/gttim/cauce/ingest/gate/spill"
	"github.com/gttim/cauce/internal/warehouse"
)

//go:embed sql/*.tmpl
var sqlFiles embed.FS

// storeProblems writes all problems of a load, numbered in order.
func storeProblems(ctx context.Context, conn *sql.Conn, load int, list *spill.List[data.Problem]) error {
	if list.Len() == 0 {
		return nil
	}
	n := 0
	return warehouse.Append(ctx, conn, "", "ledger", "problems", func(add func(...driver.Value) error) error {
		return list.Each(func(batch []data.Problem) error {
			for _, p := range batch {
				n++
				if err := add(int32(load), int32(n), int64(p.Line), int32(p.Column), p.Field, p.Value, p.Rule,
					string(p.Severity), p.Message, p.Expected, p.Hint, dayOrNull(p.From), dayOrNull(p.To)); err != nil {
					return err
				}
			}
			return nil
		})
	})
}

// storeSuppressed writes which numbers of a load the source suppressed, so that
// they stay apart from missing ones. Marks of text columns are in their dictionaries.
func storeSuppressed(ctx context.Context, conn *sql.Conn, ds *data.Dataset, load int, list *spill.List[data.Problem]) error {
	if len(ds.Suppressed) == 0 {
		return nil
	}
	numbers := map[string]bool{}
	for _, c := range ds.Columns {
		numbers[c.Name] = c.Type == data.TypeInteger || c.Type == data.TypeDecimal
	}
	return warehouse.Append(ctx, conn, "", "raw", "suprimidos", func(add func(...driver.Value) error) error {
		return list.Each(func(batch []data.Problem) error {
			for _, p := range batch {
				if p.Rule != data.RuleSuppressed {
					continue
				}
				column, month := p.Field, 0
				if ds.Wide != nil {
					if month = slices.Index(ds.Wide.Months, p.Field) + 1; month > 0 {
						column = ds.Wide.Value.Name
					}
				}
				if month == 0 && !numbers[column] {
					continue
				}
				if err := add(int32(load), int64(p.Line), int32(month), column); err != nil {
					return err
				}
			}
			return nil
		})
	})
}

// dayOrNull is a day AAAA-MM-DD as the appender takes it.
func dayOrNull(s string) driver.Value {
	if t, err := time.Parse(time.DateOnly, s); err == nil {
		return t
	}
	return nil
}

func storeQuarantine(ctx context.Context, conn *sql.Conn, load int, list *spill.List[gate.Held]) error {
	return warehouse.Append(ctx, conn, "", "ledger", "quarantine", func(add func(...driver.Value) error) error {
		return list.Each(func(batch []gate.Held) error {
			for _, q := range batch {
				if err := add(int32(load), q.Line, int32(q.Lines), q.Content); err != nil {
					return err
				}
			}
			return nil
		})
	})
}

// storeDictionaries writes the spellings of a load's dictionary columns.
func storeDictionaries(ctx context.Context, conn *sql.Conn, load int, columns iter.Seq2[string, *cell.Dictionary]) error {
	return warehouse.Append(ctx, conn, "", "raw", "diccionario", func(add func(...driver.Value) error) error {
		for column, d := range columns {
			for _, e := range d.Entries() {
				var canonical driver.Value = e.Canonical
				if e.Null {
					canonical = nil
				}
				if err := add(int32(load), column, e.Code, e.Delivered, canonical); err != nil {
					return err
				}
			}
		}
		return nil
	})
}
