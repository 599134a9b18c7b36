package warehouse_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/gttim/cauce/data"
	"github.com/gttim/cauce/ingest/ingesttest"
	"github.com/gttim/cauce/internal/warehouse"
)

// small is less memory than what rows of a hundred columns took that were each looked
// up, or stored, by itself.
const small = "72MB"

// openSmall is open with that much memory.
func openSmall(t *testing.T) *warehouse.DB {
	t.Helper()
	h, err := warehouse.OpenHome(t.TempDir())
	must(t, err)
	t.Cleanup(func() { h.Close() })
	db, err := warehouse.Open(t.Context(), h, warehouse.Options{Version: "test", Now: time.Now, MemoryLimit: small, Threads: 2})
	must(t, err)
	t.Cleanup(func() { db.Close() })
	return db
}

// survey is a dataset of so many columns of each of these types, after its key.
func survey(t *testing.T, each int, types ...string) *data.Dataset {
	t.Helper()
	return ingesttest.Declarations(t, map[string]string{"prueba-encuesta": ingesttest.Survey(each, types...)}).Dataset("prueba-encuesta")
}

// What codes mean is looked up for the columns that are read alone, however many there
// are; of a correction too.
func TestManyColumnsOfCodes(t *testing.T) {
	const columns = 120
	db := openSmall(t)
	ds := survey(t, columns, "categoria")
	register(t, db, ds)
	ctx := t.Context()
	conn, err := db.Conn(ctx)
	must(t, err)
	defer conn.Close()
	number := func(q string, args ...any) (n int) {
		t.Helper()
		must(t, conn.QueryRowContext(ctx, q, args...).Scan(&n))
		return n
	}
	for load := 1; load <= 2; load++ {
		r := warehouse.Report{ID: load, Dataset: ds.ID, SHA256: fmt.Sprint(load), Name: "x.csv", ArrivedAt: db.Now(), PublishedOn: day("2024-04-30"), PublishedPrecision: "dia", Corrects: load - 1}
		must(t, warehouse.InsertReport(ctx, conn, r))
		shown, err := warehouse.Loading(ctx, conn, ds, r, load)
		must(t, err)
		_, err = conn.ExecContext(ctx, fmt.Sprintf(`INSERT INTO raw.diccionario SELECT %d, 'categoria_' || (i // 3), 1 + i %% 3, 's' || i, 'c' || i || '-%d' FROM range(%d) r(i)`, load, load, 3*columns))
		must(t, err)
		_, err = conn.ExecContext(ctx, fmt.Sprintf(`INSERT INTO stored.prueba_encuesta SELECT %d, i, (1::BIGINT << 48) + i%s FROM range(2, 1002) r(i)`, load, strings.Repeat(", 1 + i % 3 + ((2::BIGINT) << 21) + ((i % 4)::BIGINT << 42)", columns/3)))
		must(t, err)
		_, err = conn.ExecContext(ctx, "INSERT INTO raw.claves VALUES (?, 1, 'F-0000')", load)
		must(t, err)
		must(t, shown.Corrected(ctx))
		for view, key := range map[string]string{"entrega": "folio", "entrega_codigos": "line"} {
			if n := number("SELECT count(DISTINCT " + key + ") FROM " + view); n != 1000 {
				t.Errorf("load %d: %s has %d rows", load, view, n)
			}
		}
		meant := fmt.Sprintf("SELECT count(*) FROM entrega WHERE categoria_3 = 'c' || (9 + line %% 3) || '-%[1]d' AND categoria_4 = 'c13-%[1]d' AND categoria_119 IS NOT DISTINCT FROM 'c' || (356 + nullif(line %% 4, 0)) || '-%[1]d'", load)
		if n := number(meant); n != 1000 {
			t.Errorf("load %d: %d of 1000 rows mean what they were given", load, n)
		}
		must(t, warehouse.InsertLoad(ctx, conn, warehouse.Load{ID: load, ReportID: load, Dataset: ds.ID, Kind: warehouse.KindFirst, Outcome: warehouse.Accepted, StartedAt: db.Now(), FinishedAt: db.Now(),
			PhysicalLines: 1001, HeaderLines: 1, RecordLines: 1000, Records: 1000, Accepted: 1000, RawRows: 1000}))
	}
	must(t, db.Checkpoint(ctx))
	print := func() string {
		t.Helper()
		all, err := db.Fingerprints(ctx, []*data.Dataset{ds})
		must(t, err)
		if of := all["raw.prueba_encuesta of load 1"]; !strings.HasPrefix(of, "1000 rows") {
			t.Errorf("load 1 has %q", of)
		}
		return all["raw.prueba_encuesta of load 2"]
	}
	first := print()
	for _, spelling := range []string{"otra", "s22"} {
		_, err := conn.ExecContext(ctx, "UPDATE raw.diccionario SET entregado = ? WHERE load_id = 2 AND columna = 'categoria_7' AND codigo = 2", spelling)
		must(t, err)
		if same, want := print() == first, spelling == "s22"; same != want {
			t.Errorf("the same is %t where %q was delivered in place of s22", same, spelling)
		}
	}
}

// Codes that are not numbered from 1 on would be read as others.
func TestCodesWithGapsAreNotRead(t *testing.T) {
	_, db := open(t)
	ds := declarations(t, "instantanea", "").Datasets[0]
	register(t, db, ds)
	l := load(t, db, ds, "2024-04-30", "2024-01-01", "2024-01-31", [][3]any{{"2024-01-01", 2, 1}})
	conn, err := db.Conn(t.Context())
	must(t, err)
	defer conn.Close()
	_, err = conn.ExecContext(t.Context(), "DELETE FROM raw.diccionario WHERE codigo = 1")
	must(t, err)
	must(t, warehouse.Stored(conn, ds, l.ID).Delivered(t.Context()))
	var s string
	err = conn.QueryRowContext(t.Context(), "SELECT entidad FROM entrega").Scan(&s)
	if err == nil || !strings.Contains(err.Error(), "the codes of column entidad are not 1 to 1") {
		t.Errorf("%q: %v", s, err)
	}
}

// A contract may name a column as it likes: the views of a correction, which has rows of
// several loads, take no such name.
func TestCorrectedRowsHaveColumnsOfAnyName(t *testing.T) {
	_, db := open(t)
	names := []string{"carga", "filas", "clave", "lista", "listas", "columna", "codigo", "canonico"}
	contract := "encoding: auto\nshape: long\nkey: [folio]\nrevision: {policy: instantanea}\ncolumns:\n  - {name: folio, type: entero, required: true}\n"
	for _, n := range names {
		contract += "  - {name: " + n + ", type: entero}\n"
	}
	ds := ingesttest.Declarations(t, map[string]string{"prueba-nombres": contract}).Dataset("prueba-nombres")
	register(t, db, ds)
	ctx := t.Context()
	conn, err := db.Conn(ctx)
	must(t, err)
	defer conn.Close()
	for load := 1; load <= 2; load++ {
		r := warehouse.Report{ID: load, Dataset: ds.ID, SHA256: fmt.Sprint(load), Name: "x.csv", ArrivedAt: db.Now(), PublishedOn: day("2024-04-30"), PublishedPrecision: "dia", Corrects: load - 1}
		must(t, warehouse.InsertReport(ctx, conn, r))
		shown, err := warehouse.Loading(ctx, conn, ds, r, load)
		must(t, err)
		_, err = conn.ExecContext(ctx, fmt.Sprintf("INSERT INTO stored.prueba_nombres SELECT %d, i, i%s FROM range(%d, 9) r(i)", load, strings.Repeat(fmt.Sprintf(", %d", 10*load), len(names)), 2*load))
		must(t, err)
		must(t, shown.Corrected(ctx))
		for view, want := range map[string]int{"entrega": 7 * 10, "entrega_codigos": 7 * 10} {
			if load == 2 { // rows 2 and 3 are those of the first
				want = 5*20 + 2*10
			}
			for _, n := range names {
				var sum int
				must(t, conn.QueryRowContext(ctx, "SELECT sum("+n+") FROM "+view).Scan(&sum))
				if sum != want {
					t.Errorf("load %d: the sum of %s in %s is %d, expected %d", load, n, view, sum, want)
				}
			}
		}
		must(t, warehouse.InsertLoad(ctx, conn, warehouse.Load{ID: load, ReportID: load, Dataset: ds.ID, Kind: warehouse.KindFirst, Outcome: warehouse.Accepted, StartedAt: db.Now(), FinishedAt: db.Now(),
			PhysicalLines: 1, RecordLines: 1, Records: 1, Accepted: 1, RawRows: 1}))
	}
}
