package warehouse

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/gttim/cauce/data"
)

// Prove reads the load back on a connection of its own: the ledger row, the raw
// rows and the quarantined rows must be what the transaction wrote. A commit can
// report success and store nothing, so nothing is believed before this.
// ErrIntegrity says what is missing.
func (db *DB) Prove(ctx context.Context, ds *data.Dataset, want Load) error {
	conn, err := db.sql.Conn(ctx) // it looks at tables alone, which know no clock
	if err != nil {
		return wrap("prove load", err)
	}
	defer conn.Close()
	q, err := render("prove_load.sql.tmpl", relation{Table: ds.Table()})
	if err != nil {
		return err
	}
	var have stored
	got, err := scanLoadAnd(conn.QueryRowContext(ctx, q, Integer(want.ID)), &have.raw, &have.quarantined)
	if errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("load %d was committed and is not in the ledger: %w", want.ID, ErrIntegrity)
	}
	if err != nil {
		return wrap("prove load", err)
	}
	if got.Records != want.Records || got.Accepted != want.Accepted || got.Quarantined != want.Quarantined || got.RawRows != want.RawRows {
		return fmt.Errorf("load %d: ledger counts differ from those loaded: %w", want.ID, ErrIntegrity)
	}
	return checkLoad(got, &have)
}

// CheckLoad compares a ledger row with the rows stored for it; ds is nil when
// the dataset is no longer declared, and then its rows cannot be counted.
// ErrIntegrity says what differs.
func (db *DB) CheckLoad(ctx context.Context, ds *data.Dataset, l Load) error {
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	if ds == nil || l.Outcome == Refused || l.Outcome == Withdrawn {
		return checkLoad(l, nil)
	}
	q, err := render("count_stored.sql.tmpl", relation{Table: ds.Table()})
	if err != nil {
		return err
	}
	var have stored
	if err := conn.QueryRowContext(ctx, q, Integer(l.ID)).Scan(&have.raw, &have.quarantined); err != nil {
		return wrap("count stored rows", err)
	}
	return checkLoad(l, &have)
}

// stored is how many rows there are of a load.
type stored struct{ raw, quarantined int64 }

// checkLoad compares a ledger row with the rows stored for it, nil where they cannot
// be counted.
func checkLoad(l Load, have *stored) error {
	if l.Records != l.Accepted+l.Quarantined+l.Skipped {
		return fmt.Errorf("load %d: %d records are not %d accepted + %d quarantined + %d skipped: %w",
			l.ID, l.Records, l.Accepted, l.Quarantined, l.Skipped, ErrIntegrity)
	}
	if l.PhysicalLines != l.HeaderLines+l.BlankLines+l.SkippedLines+l.RecordLines {
		return fmt.Errorf("load %d: %d physical lines are not all accounted for: %w", l.ID, l.PhysicalLines, ErrIntegrity)
	}
	if have == nil || l.Outcome == Refused || l.Outcome == Withdrawn {
		return nil
	}
	if have.raw != l.RawRows || have.quarantined != l.Quarantined {
		return fmt.Errorf("load %d: %d raw rows and %d in quarantine, the ledger says %d and %d: %w",
			l.ID, have.raw, have.quarantined, l.RawRows, l.Quarantined, ErrIntegrity)
	}
	return nil
}

// ReadAll reads every value that is stored in the warehouse's file, in tables that no
// declaration knows any more too: the database tells a damaged block when it reads it
// and not before. ErrIntegrity names the table that is damaged.
func (db *DB) ReadAll(ctx context.Context) error {
	return readAll(ctx, db.sql, databaseFile)
}

// readAll reads every value of a database's tables; file is what errors call it.
func readAll(ctx context.Context, conn Execer, file string) error {
	rows, err := conn.QueryContext(ctx, mustSQL("tables.sql"))
	if err != nil {
		return wrap("read "+file, err)
	}
	defer rows.Close()
	type table struct{ Schema, Table string }
	var tables []table
	for rows.Next() {
		var t table
		if err := rows.Scan(&t.Schema, &t.Table); err != nil {
			return wrap("read "+file, err)
		}
		tables = append(tables, t)
	}
	if err := rows.Err(); err != nil {
		return wrap("read "+file, err)
	}
	for _, t := range tables {
		q, err := render("read_table.sql.tmpl", t)
		if err != nil {
			return err
		}
		var n, sum any
		if err := conn.QueryRowContext(ctx, q).Scan(&n, &sum); err != nil {
			err = fmt.Errorf("read %s: table %s.%s: %w", file, t.Schema, t.Table, err)
			if IsDamaged(err) {
				err = fmt.Errorf("%w: %w", err, ErrIntegrity)
			}
			return err
		}
	}
	return nil
}

// Fingerprints gives, for every table that a rebuild must make again, its number
// of rows and a hash of them that does not depend on their order. Left out is what
// depends on when and by which program a load ran, the words of problems among it, and
// the codes of dictionaries, which depend on which parser was faster.
func (db *DB) Fingerprints(ctx context.Context, datasets []*data.Dataset) (map[string]string, error) {
	type part struct{ Name, From string }
	parts := []part{
		{"ledger.reports", "SELECT * FROM ledger.reports"},
		{"ledger.loads", `SELECT * EXCLUDE (started_at, finished_at, binary_version, contract_hash)
			REPLACE (CASE WHEN outcome = 'rechazado' THEN split_part(reason, ' ', 1) ELSE reason END AS reason) FROM ledger.loads`},
		{"ledger.problems", "SELECT * EXCLUDE (message, expected, hint) FROM ledger.problems"},
		{"ledger.quarantine", "SELECT * FROM ledger.quarantine"},
		{"ledger.correcciones", "SELECT * FROM ledger.correcciones"},
		{"ledger.enmiendas", "SELECT * FROM ledger.enmiendas"},
		{"raw.suprimidos", "SELECT * FROM raw.suprimidos"},
		{"raw.diccionario", "SELECT DISTINCT load_id, columna, entregado, canonico FROM raw.diccionario"},
	}
	out := map[string]string{}
	fill := func(name, statement string, values any) error {
		query, err := render(statement, values)
		if err != nil {
			return err
		}
		var rows int64
		var x, sum string
		if err := db.sql.QueryRowContext(ctx, query).Scan(&rows, &x, &sum); err != nil {
			return wrap("fingerprint of "+name, err)
		}
		out[name] = fmt.Sprintf("%d rows, %s-%s", rows, x, sum)
		return nil
	}
	for _, p := range parts {
		if err := fill(p.Name, "fingerprint.sql.tmpl", p); err != nil {
			return nil, err
		}
	}
	for _, ds := range datasets {
		rel := newRelation(ds, nil)
		parts := map[string]relation{"raw." + ds.Table(): rel}
		if rel.dictionaries() > mostLookups {
			loads, err := db.StoredLoads(ctx, ds.ID)
			if err != nil {
				return nil, err
			}
			clear(parts)
			for _, load := range loads {
				rel.Loads = []int{load}
				parts[fmt.Sprintf("raw.%s of load %d", ds.Table(), load)] = rel
			}
		}
		for name, part := range parts {
			if err := fill(name, "fingerprint_raw.sql.tmpl", part); err != nil {
				return nil, err
			}
		}
		if err := fill("clean."+ds.Table(), "fingerprint_clean.sql.tmpl", rel); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// mostLookups is how many columns of codes are looked up by a join each, over all loads
// at once. Of more, the memory that each join takes adds up: they are looked up in lists,
// load by load.
const mostLookups = 16

// dictionaries is how many columns of codes there are.
func (r relation) dictionaries() (n int) {
	for _, c := range r.Columns {
		if c.Dictionary {
			n++
		}
	}
	return n
}
