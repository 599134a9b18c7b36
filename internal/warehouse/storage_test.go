package warehouse_test

import (
	"database/sql"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	_ "github.com/duckdb/duckdb-go/v2"

	"github.com/gttim/cauce/internal/warehouse"
)

// TestTextComesBack holds that text is read back as it was written, whole and through
// a condition on it, whatever the storage format makes of it: one word, few words,
// words that never repeat, over several row groups and in a last part of one.
func TestTextComesBack(t *testing.T) {
	h, db := open(t)
	ctx := t.Context()
	conn, err := db.Conn(ctx)
	must(t, err)
	exec := func(q string) {
		t.Helper()
		if _, err := conn.ExecContext(ctx, q); err != nil {
			t.Fatal(q, err)
		}
	}
	ask := func(conn warehouse.Execer, q string) (out string) {
		t.Helper()
		must(t, conn.QueryRowContext(ctx, q).Scan(&out))
		return out
	}
	const rows = `SELECT i, 'dato' AS uno, CASE WHEN i %% 11 > 0 THEN ['mujer', 'hombre', 'sin_dato'][i %% 3 + 1] END AS pocas,
		'SIM-2024-' || lpad(CAST(i * 7919 %% 1000003 AS VARCHAR), 7, '0') AS folio, 'SIM/' || i AS otra FROM range(%d) t(i)`
	sizes := []int{164, 2048, 130_000}
	for _, n := range sizes {
		exec(fmt.Sprintf(`CREATE TABLE raw.prueba_%d (i BIGINT, uno VARCHAR, pocas VARCHAR, folio VARCHAR USING COMPRESSION zstd, otra VARCHAR)`, n))
		exec(fmt.Sprintf(`INSERT INTO raw.prueba_%d `+rows, n, n))
	}
	must(t, db.Checkpoint(ctx))
	must(t, conn.Close())
	must(t, db.Close())
	again, err := warehouse.Open(ctx, h, warehouse.Options{Version: "test", Now: time.Now})
	must(t, err)
	defer again.Close()
	conn, err = again.Conn(ctx)
	must(t, err)
	defer conn.Close()
	// Groups of the size that is asked for, or the commit compresses everything alone.
	if got, want := ask(conn, `SELECT count(DISTINCT row_group_id) || '' FROM pragma_storage_info('raw.prueba_130000')`), "3"; got != want {
		t.Errorf("130,000 rows lie in %s row groups, want %s of at most 45,056", got, want)
	}
	for _, n := range sizes {
		table, made := fmt.Sprintf("raw.prueba_%d", n), "("+fmt.Sprintf(rows, n)+")"
		for _, q := range []string{
			`SELECT count(*) || ' ' || bit_xor(hash(i, uno, pocas, folio, otra)) FROM %s t`,
			`SELECT count(*) || '' FROM %s t WHERE CAST(split_part(otra, '/', 2) AS INTEGER) >= 10`,
			`SELECT count(*) || '' FROM %s t WHERE coalesce(pocas, 'nada') LIKE '%%d%%' OR length(uno) <> 4`,
			`SELECT count(*) || ' ' || bit_xor(hash(folio)) FROM %s t WHERE folio LIKE '%%12%%'`,
			`SELECT string_agg(coalesce(pocas, '-') || n, ' ' ORDER BY pocas) FROM (SELECT pocas, count(*) AS n FROM %s t GROUP BY pocas)`,
		} {
			if got, want := ask(conn, fmt.Sprintf(q, table)), ask(conn, fmt.Sprintf(q, made)); got != want {
				t.Errorf("%d rows: %s: read %s, written %s", n, q, got, want)
			}
		}
	}
}

// TestOlderStorage holds that a warehouse in the format that earlier versions wrote
// opens, takes new datasets and loads, and is read back.
func TestOlderStorage(t *testing.T) {
	h, err := warehouse.OpenHome(t.TempDir())
	must(t, err)
	defer h.Close()
	old, err := sql.Open("duckdb", filepath.Join(h.Dir, "warehouse.duckdb")+"?storage_compatibility_version=v0.10.2")
	must(t, err)
	_, err = old.ExecContext(t.Context(), "CREATE TABLE antes AS SELECT 1 AS i; CHECKPOINT")
	must(t, err)
	must(t, old.Close())
	db, err := warehouse.Open(t.Context(), h, warehouse.Options{Version: "test", Now: time.Now})
	must(t, err)
	defer db.Close()
	d := declarations(t, "reemplaza_periodos", "")
	must(t, db.StoreReference(t.Context(), d.Reference))
	_, err = db.Register(t.Context(), d.Datasets...)
	must(t, err)
	ld := load(t, db, d.Datasets[0], "2024-01-01", "2023-11-01", "2023-12-31", [][3]any{{"2023-11-01", 1, 5}, {"2023-12-01", 2, 7}})
	must(t, db.Checkpoint(t.Context()))
	must(t, db.Prove(t.Context(), d.Datasets[0], ld))
	conn, err := db.Conn(t.Context())
	must(t, err)
	defer conn.Close()
	var kept, fresh string
	const storage = `SELECT tags['storage_version'] FROM duckdb_databases() WHERE database_name = 'warehouse'`
	must(t, conn.QueryRowContext(t.Context(), storage).Scan(&kept))
	_, newer := open(t)
	other, err := newer.Conn(t.Context())
	must(t, err)
	defer other.Close()
	must(t, other.QueryRowContext(t.Context(), storage).Scan(&fresh))
	if kept == fresh {
		t.Errorf("the older warehouse is in format %s like a new one: nothing was tested", kept)
	}
}
