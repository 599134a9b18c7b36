package warehouse

import (
	"context"
	"fmt"

	"github.com/gttim/cauce/data"
)

// Fingerprints gives, for every table that a rebuild must make again, its number
// of rows and a hash of them that does not depend on their order. Left out is what
// depends on when and by which program a load ran, and the codes of dictionaries,
// which depend on which parser was faster.
func (db *DB) Fingerprints(ctx context.Context, datasets []*data.Dataset) (map[string]string, error) {
	type part struct{ Name, From string }
	parts := []part{
		{"ledger.reports", "SELECT * FROM ledger.reports"},
		{"ledger.loads", "SELECT * EXCLUDE (started_at, finished_at, binary_version, contract_hash) FROM ledger.loads"},
		{"ledger.problems", "SELECT * FROM ledger.problems"},
		{"ledger.quarantine", "SELECT * FROM ledger.quarantine"},
		{"ledger.correcciones", "SELECT * FROM ledger.correcciones"},
		{"raw.diccionario", "SELECT DISTINCT load_id, columna, entregado, canonico FROM raw.diccionario"},
	}
	out := map[string]string{}
	ask := func(name, query string) error {
		var rows int64
		var x, sum string
		if err := db.sql.QueryRowContext(ctx, query).Scan(&rows, &x, &sum); err != nil {
			return wrap("fingerprint of "+name, err)
		}
		out[name] = fmt.Sprintf("%d rows, %s-%s", rows, x, sum)
		return nil
	}
	for _, p := range parts {
		q, err := render("fingerprint.sql.tmpl", p)
		if err != nil {
			return nil, err
		}
		if err := ask(p.Name, q); err != nil {
			return nil, err
		}
	}
	for _, ds := range datasets {
		q, err := render("fingerprint_clean.sql.tmpl", relation{Table: ds.Table()})
		if err != nil {
			return nil, err
		}
		if err := ask("clean."+ds.Table(), q); err != nil {
			return nil, err
		}
	}
	return out, nil
}
