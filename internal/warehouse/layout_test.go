package warehouse_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/gttim/cauce/data"
	"github.com/gttim/cauce/ingest/ingesttest"
	"github.com/gttim/cauce/internal/warehouse"
)

// Codes lie three to a number, a key that looks like one is a number, all else lies by
// itself.
func TestStoredColumns(t *testing.T) {
	code, other, key := data.Column{Type: data.TypeCategory}, data.Column{Type: data.TypeInteger}, data.Column{Type: data.TypeText}
	for _, c := range []struct {
		name    string
		columns []data.Column
		example string // of a key
		want    string
	}{
		{"none", []data.Column{other, other}, "", "a BIGINT, b BIGINT"},
		{"one code", []data.Column{other, code}, "", "a BIGINT, b INTEGER"},
		{"apart", []data.Column{code, other, code}, "", "a+c BIGINT, b BIGINT"},
		{"three fit", []data.Column{code, code, code, code, other, code}, "", "a+b+c BIGINT, d+f BIGINT, e BIGINT"},
		{"the fourth is alone", []data.Column{code, code, code, code}, "", "a+b+c BIGINT, d INTEGER"},
		{"a key of a number", []data.Column{key, code}, "X-001", "a BIGINT, b INTEGER"},
		{"a key of digits alone", []data.Column{key}, "0001", "a BIGINT"},
		{"a key of too many digits", []data.Column{key}, "123456789012345", "a VARCHAR"},
		{"a key of a word", []data.Column{key}, "X-01", "a VARCHAR"},
	} {
		ds := &data.Dataset{}
		for i, col := range c.columns {
			col.Name = string(rune('a' + i))
			if col.Type == data.TypeText {
				col.Example, ds.Key = c.example, []string{col.Name}
			}
			ds.Columns = append(ds.Columns, col)
		}
		var got []string
		_, stored := warehouse.Layout(ds)
		for _, s := range stored {
			got = append(got, s.Name+" "+s.Type)
		}
		if strings.Join(got, ", ") != c.want {
			t.Errorf("%s: %s, expected %s", c.name, strings.Join(got, ", "), c.want)
		}
	}
}

// Columns that would take too many stored columns lie in lists by type, but for the key.
func TestManyColumnsLieInLists(t *testing.T) {
	for _, c := range []struct {
		of   int // numbers
		want string
	}{
		{44, "folio BIGINT, " + strings.TrimSuffix(strings.Join(slices.Repeat([]string{"entero BIGINT, "}, 44), ""), " ") + " codes BIGINT, codes BIGINT, codes BIGINT"},
		{45, "folio BIGINT, entero[32] BIGINT[], entero[13] BIGINT[], categoria[9] INTEGER[]"},
		{65, "folio BIGINT, entero[32] BIGINT[], entero[32] BIGINT[], entero[1] BIGINT[], categoria[9] INTEGER[]"},
	} {
		ds := &data.Dataset{}
		ds.Key = []string{"folio"}
		ds.Columns = []data.Column{{Name: "folio", Type: data.TypeText, Example: "X-001"}}
		for i := range c.of {
			ds.Columns = append(ds.Columns, data.Column{Name: fmt.Sprintf("entero_%d", i), Type: data.TypeInteger})
		}
		for i := range 9 {
			ds.Columns = append(ds.Columns, data.Column{Name: fmt.Sprintf("categoria_%d", i), Type: data.TypeCategory})
		}
		columns, stored := warehouse.Layout(ds)
		var got []string
		for _, s := range stored {
			name, _, _ := strings.Cut(s.Name, "_")
			switch {
			case s.List:
				name += fmt.Sprintf("[%d]", len(s.Of))
			case len(s.Of) > 1:
				name = "codes"
			}
			got = append(got, name+" "+s.Type)
			for k, at := range s.Of {
				if r := columns[at]; r.In != s.Name || s.List && (r.At != k+1 || r.Packed) || !s.List && r.At != 0 {
					t.Errorf("%s lies in %s at %d, expected %s at %d", r.Name, r.In, r.At, s.Name, k+1)
				}
			}
		}
		if strings.Join(got, ", ") != c.want {
			t.Errorf("%d numbers: %s, expected %s", c.of, strings.Join(got, ", "), c.want)
		}
	}
}

// Rows that an older program stored column by column are read as they were once they
// are stored as now, and are converted once.
func TestOlderTablesAreConverted(t *testing.T) {
	for id, columns := range map[string]string{
		"prueba-registro": `load_id INTEGER NOT NULL, line BIGINT NOT NULL, folio VARCHAR, fecha DATE, entidad INTEGER, edad BIGINT`,
		"prueba-eventos":  `load_id INTEGER NOT NULL, line BIGINT NOT NULL, mes BIGINT, entidad INTEGER, tipo INTEGER, eventos BIGINT, tasa DOUBLE, fecha DATE, texto VARCHAR`,
		"prueba-ancho":    `load_id INTEGER NOT NULL, line BIGINT NOT NULL, anio BIGINT, tipo VARCHAR, mes BIGINT, casos BIGINT`,
		"prueba-encuesta": "",
	} {
		t.Run(id, func(t *testing.T) {
			_, db := open(t)
			ds := ingesttest.Declarations(t, nil).Dataset(id)
			if ds == nil {
				ds, columns = survey(t, 12, "entero", "decimal", "fecha", "categoria", "texto"), "load_id INTEGER NOT NULL, line BIGINT NOT NULL"
				raw, _ := warehouse.Layout(ds)
				for _, c := range raw {
					columns += ", " + c.Name + " " + c.Type
				}
			}
			ctx := t.Context()
			conn, err := db.Conn(ctx)
			must(t, err)
			defer conn.Close()
			exec := func(q string, args ...any) {
				t.Helper()
				_, err := conn.ExecContext(ctx, q, args...)
				must(t, err)
			}
			exec("CREATE TABLE raw." + ds.Table() + " (" + columns + ")")
			exec("CREATE TABLE before AS FROM raw." + ds.Table())
			switch id {
			case "prueba-registro":
				exec(`INSERT INTO before SELECT 1 + i % 2, i, CASE i % 7 WHEN 0 THEN 'X-' || lpad(CAST(i AS VARCHAR), 4, '0') WHEN 1 THEN 'k' || i || 'x' WHEN 2 THEN CAST(i AS VARCHAR)
					WHEN 3 THEN repeat('9', 12) || (10000 + i) WHEN 4 THEN 'F' || i || '-01' WHEN 5 THEN repeat('y', 70) || i END,
					DATE '2024-01-01' + CAST(i AS INTEGER), nullif(i % 5, 0), nullif(i % 90, 7) FROM range(9000) r(i) WHERE i % 7 < 6 OR i = 6`)
			case "prueba-eventos":
				exec(`INSERT INTO before SELECT 1 + i % 3, i, i % 12, nullif(1 + i % 32, 3), CASE WHEN i % 4 > 0 THEN 2097151 - i END, i, nullif(i / 7, 3), DATE '2024-01-01' + CAST(i AS INTEGER), nullif('t' || i, 't5') FROM range(100) r(i)`)
			case "prueba-encuesta":
				q := "INSERT INTO before SELECT 1, i, 'F-' || i"
				for i, value := range []string{"i", "i / 8", "DATE '2024-01-01' + CAST(i AS INTEGER)", "i", "'t' || i"} {
					for k := range 12 {
						q += fmt.Sprintf(", CASE WHEN i %% 7 <> %d THEN %s END", (i+k)%7, strings.Replace(value, "i", fmt.Sprintf("(i + %d)", k), 1))
					}
				}
				exec(q + " FROM range(1000, 2000) r(i)")
			default:
				exec(`INSERT INTO before SELECT 1, i // 12, 2024, 'a', i % 12, i FROM range(100) r(i)`)
			}
			exec("INSERT INTO raw." + ds.Table() + " FROM before")
			var layout strings.Builder
			raw, _ := warehouse.Layout(ds)
			for _, c := range raw {
				fmt.Fprintf(&layout, "%s %s %t\n", c.Name, c.Type, c.Dictionary)
			}
			exec("INSERT INTO ledger.datasets VALUES (?, ?, ?, ?)", ds.ID, layout.String(), ds.CleanHash, db.Now())
			for range 2 {
				register(t, db, ds)
				var rows, differ int
				must(t, conn.QueryRowContext(ctx, `SELECT (SELECT count(*) FROM raw.`+ds.Table()+`), (SELECT count(*) FROM
					((FROM before EXCEPT ALL FROM raw.`+ds.Table()+`) UNION ALL (FROM raw.`+ds.Table()+` EXCEPT ALL FROM before)))`).Scan(&rows, &differ))
				if rows < 100 || differ != 0 {
					t.Errorf("%d rows, %d differ", rows, differ)
				}
			}
		})
	}
}

// Rows that an older program stored without lists are read as they were once they lie in
// them: codes three to a number there, a key by its number, empty cells of each type.
func TestTablesWithoutListsAreConverted(t *testing.T) {
	_, db := open(t)
	const each = 12
	types := []string{"entero", "decimal", "fecha", "categoria", "texto"}
	ds := survey(t, each, types...)
	ctx := t.Context()
	conn, err := db.Conn(ctx)
	must(t, err)
	defer conn.Close()
	exec := func(q string, args ...any) {
		t.Helper()
		_, err := conn.ExecContext(ctx, q, args...)
		must(t, err)
	}
	stored, shown, layout := "folio BIGINT", "", "folio: BIGINT\n"
	values, meant := "CASE WHEN i % 5 > 0 THEN (1::BIGINT << 48) + i ELSE 1000 + i END", "CASE WHEN i % 5 > 0 THEN 'F-' || lpad(i::VARCHAR, 4, '0') ELSE 'k' || i END"
	add := func(name, kind, value string) {
		stored += fmt.Sprintf(", \"%s\" %s", name, kind)
		layout += name + ": " + kind + "\n"
		values += ", " + value
	}
	for n, kind := range []string{"BIGINT", "DOUBLE", "DATE", "INTEGER", "VARCHAR"} {
		value := []string{"i + %d", "(i + %d) / 8", "DATE '2024-01-01' + CAST(i + %d AS INTEGER)", "CAST(2097000 + i %% 100 + %d AS INTEGER)", "'t' || (i + %d)"}[n]
		for k := range each {
			name := fmt.Sprintf("%s_%d", types[n], k)
			shown += fmt.Sprintf("%s %s %t\n", name, kind, kind == "INTEGER")
			is := fmt.Sprintf("CASE WHEN i %% 7 <> %d THEN "+value+" END", (n+k)%7, k)
			meant += ", " + is
			if kind != "INTEGER" {
				add(name, kind, is)
				continue
			}
			if k%3 > 0 {
				continue
			}
			var names, codes []string
			for c := k; c < k+3; c++ {
				names = append(names, fmt.Sprintf("%s_%d", types[n], c))
				codes = append(codes, fmt.Sprintf("(coalesce(CASE WHEN i %% 7 <> %d THEN %s END, 0)::BIGINT << %d)", (n+c)%7, fmt.Sprintf(value, c), 21*(c-k)))
			}
			add(strings.Join(names, "+"), "BIGINT", strings.Join(codes, " | "))
		}
	}
	exec("CREATE TABLE stored." + ds.Table() + " (load_id INTEGER NOT NULL, line BIGINT NOT NULL, " + stored + ")")
	exec("CREATE VIEW raw." + ds.Table() + " AS SELECT load_id, line FROM stored." + ds.Table())
	exec("INSERT INTO stored." + ds.Table() + " SELECT 1 + i % 2, i, " + values + " FROM range(2, 3000) r(i)")
	exec("INSERT INTO raw.claves SELECT l, 1, 'F-0000' FROM range(1, 3) s(l) UNION ALL SELECT 1 + i % 2, 1000 + i, 'k' || i FROM range(5, 3000, 5) r(i)")
	exec("INSERT INTO ledger.datasets VALUES (?, ?, ?, ?)", ds.ID, layout+"folio VARCHAR false\n"+shown, ds.CleanHash, db.Now())
	exec("CREATE TABLE before AS SELECT (1 + i % 2)::INTEGER, i, " + meant + " FROM range(2, 3000) r(i)")
	threads := db.Threads()
	for range 2 {
		register(t, db, ds)
		var rows, differ int
		must(t, conn.QueryRowContext(ctx, `SELECT (SELECT count(*) FROM raw.`+ds.Table()+`), (SELECT count(*) FROM
			((FROM before EXCEPT ALL FROM raw.`+ds.Table()+`) UNION ALL (FROM raw.`+ds.Table()+` EXCEPT ALL FROM before)))`).Scan(&rows, &differ))
		if rows != 2998 || differ != 0 {
			t.Errorf("%d rows, %d differ", rows, differ)
		}
	}
	if threads != db.Threads() {
		t.Errorf("%d threads work after the conversion, %d before", db.Threads(), threads)
	}
}

// A start that dies, or fails, while a dataset's views are made is made up for by the
// next one, also when that has the declarations of before.
func TestHalfRegisteredIsRegisteredAgain(t *testing.T) {
	for name, older := range map[string]bool{"clean.sql that does not run": false, "converted": true} {
		t.Run(name, func(t *testing.T) {
			_, db := open(t)
			ctx := t.Context()
			ds := *declarations(t, "reemplaza_periodos", "").Dataset("prueba-meses")
			conn, err := db.Conn(ctx)
			must(t, err)
			defer conn.Close()
			exec := func(q string, args ...any) {
				t.Helper()
				_, err := conn.ExecContext(ctx, q, args...)
				must(t, err)
			}
			register(t, db, &ds)
			load(t, db, &ds, "2024-03-01", "2024-01-01", "2024-01-31", [][3]any{{"2024-01-01", 2, 7}})
			must(t, db.Cleaned(ctx, &ds))
			if older {
				var layout strings.Builder
				raw, _ := warehouse.Layout(&ds)
				for _, c := range raw {
					fmt.Fprintf(&layout, "%s %s %t\n", c.Name, c.Type, c.Dictionary)
				}
				exec("CREATE TABLE older AS FROM raw." + ds.Table())
				exec("DROP VIEW raw." + ds.Table() + "; DROP TABLE stored." + ds.Table())
				exec("CREATE TABLE raw." + ds.Table() + " AS FROM older")
				exec("UPDATE ledger.datasets SET raw_layout = ? WHERE dataset = ?", layout.String(), ds.ID)
			}
			bad := ds
			bad.Clean, bad.CleanHash = "SELECT nada FROM entrega", ds.CleanHash
			if !older {
				bad.CleanHash = "otro"
			}
			if _, err := db.Register(ctx, &bad); !errors.Is(err, data.ErrDeclaration) {
				t.Fatalf("a clean.sql that does not run: %v", err)
			}
			anew, err := db.Register(ctx, &ds)
			must(t, err)
			var rows int
			must(t, conn.QueryRowContext(ctx, "SELECT (SELECT count(*) FROM current."+ds.Table()+") + (SELECT count(*) FROM raw."+ds.Table()+")").Scan(&rows))
			if len(anew) != 1 || rows != 1 {
				t.Errorf("%d datasets are made anew, %d rows", len(anew), rows)
			}
		})
	}
}

// Codes that do not fit beside others are not cut off: such a table stays as it is.
func TestTooManyCodesAreNotConverted(t *testing.T) {
	_, db := open(t)
	ds := ingesttest.Declarations(t, nil).Dataset("prueba-eventos")
	conn, err := db.Conn(t.Context())
	must(t, err)
	defer conn.Close()
	exec := func(q string, args ...any) {
		t.Helper()
		_, err := conn.ExecContext(t.Context(), q, args...)
		must(t, err)
	}
	exec("CREATE TABLE raw." + ds.Table() + " (load_id INTEGER NOT NULL, line BIGINT NOT NULL, mes BIGINT, entidad INTEGER, tipo INTEGER, eventos BIGINT, tasa DOUBLE, fecha DATE, texto VARCHAR)")
	exec("INSERT INTO raw."+ds.Table()+" VALUES (1, 2, 1, ?, 1, 7, NULL, NULL, NULL)", warehouse.MostCodes+1)
	var layout strings.Builder
	raw, _ := warehouse.Layout(ds)
	for _, c := range raw {
		fmt.Fprintf(&layout, "%s %s %t\n", c.Name, c.Type, c.Dictionary)
	}
	exec("INSERT INTO ledger.datasets VALUES (?, ?, ?, ?)", ds.ID, layout.String(), ds.CleanHash, db.Now())
	for range 2 {
		if _, err := db.Register(t.Context(), ds); err == nil || !strings.Contains(err.Error(), "load 1 has more than 2097151 distinct values in column entidad") {
			t.Errorf("error %v", err)
		}
		var code int
		must(t, conn.QueryRowContext(t.Context(), "SELECT entidad FROM raw."+ds.Table()).Scan(&code))
		if code != warehouse.MostCodes+1 {
			t.Errorf("code %d", code)
		}
	}
}

// What keys and codes stand for is part of what a rebuild is held against, the numbers
// given to them are not.
func TestFingerprintsOfRawRows(t *testing.T) {
	_, db := open(t)
	ds := ingesttest.Declarations(t, nil).Dataset("prueba-registro")
	register(t, db, ds)
	table := "raw." + ds.Table()
	print := func(q string) string {
		t.Helper()
		conn, err := db.Conn(t.Context())
		must(t, err)
		defer conn.Close()
		_, err = conn.ExecContext(t.Context(), q)
		must(t, err)
		all, err := db.Fingerprints(t.Context(), []*data.Dataset{ds})
		must(t, err)
		return all[table]
	}
	number := func(form, n int64) string { return fmt.Sprint(form<<data.NumberBits | n) }
	first := print("INSERT INTO stored." + ds.Table() + " VALUES (1, 2, " + number(1, 7) + ", DATE '2024-01-01', 1, 30), (1, 3, 1001, DATE '2024-01-01', 2, 30);" +
		"INSERT INTO raw.claves VALUES (1, 1, 'X-0000'), (1, 1001, 'otra'); INSERT INTO raw.diccionario VALUES (1, 'entidad', 1, 'Chis.', '07'), (1, 'entidad', 2, 'Tab.', '27')")
	if !strings.HasPrefix(first, "2 rows") {
		t.Fatal(first)
	}
	for _, q := range []string{"UPDATE raw.claves SET texto = 'X-00000' WHERE codigo = 1", "UPDATE raw.claves SET texto = 'otras' WHERE codigo = 1001",
		"UPDATE raw.diccionario SET codigo = 3 - codigo", "UPDATE stored." + ds.Table() + " SET edad = 31 WHERE line = 2"} {
		if print("BEGIN; "+q+"; COMMIT") == first {
			t.Errorf("the same after %s", q)
		}
		print("UPDATE raw.claves SET texto = CASE codigo WHEN 1 THEN 'X-0000' ELSE 'otra' END; UPDATE raw.diccionario SET codigo = CASE entregado WHEN 'Chis.' THEN 1 ELSE 2 END; UPDATE stored." + ds.Table() + " SET edad = 30")
	}
	if again := print("UPDATE raw.claves SET codigo = CASE codigo WHEN 1 THEN 5 ELSE 1002 END; UPDATE stored." + ds.Table() + " SET folio = CASE line WHEN 2 THEN " + number(5, 7) + " ELSE 1002 END"); again != first {
		t.Errorf("other numbers for the same: %s, %s", again, first)
	}
}

// How a rule is told is the program's, which a newer one may say better: a rebuild is
// held against what is told.
func TestFingerprintsOfProblems(t *testing.T) {
	_, db := open(t)
	ctx := t.Context()
	print := func(q string) string {
		t.Helper()
		conn, err := db.Conn(ctx)
		must(t, err)
		defer conn.Close()
		_, err = conn.ExecContext(ctx, q)
		must(t, err)
		all, err := db.Fingerprints(ctx, nil)
		must(t, err)
		return all["ledger.problems"] + all["ledger.loads"]
	}
	conn, err := db.Conn(ctx)
	must(t, err)
	defer conn.Close()
	must(t, warehouse.InsertLoad(ctx, conn, warehouse.Load{ID: 1, ReportID: 1, Dataset: "d", Kind: warehouse.KindFirst, Outcome: warehouse.Refused, Reason: "R004 es un gzip", StartedAt: db.Now(), FinishedAt: db.Now()}))
	first := print("INSERT INTO ledger.problems VALUES (1, 1, 2, 3, 'campo', 'v', 'R010', 'fila', 'mensaje', 'esperado', 'pista', NULL, NULL)")
	if print("UPDATE ledger.problems SET message = 'm', expected = 'e', hint = 'h'; UPDATE ledger.loads SET reason = 'R004 es gzip'") != first {
		t.Error("another text makes a difference")
	}
	for _, q := range []string{"UPDATE ledger.problems SET rule = 'R011'", "UPDATE ledger.problems SET line = 4", "UPDATE ledger.problems SET value = 'w'", "UPDATE ledger.loads SET reason = 'R005 es gzip'"} {
		if print(q) == first {
			t.Errorf("the same after %s", q)
		}
		print("UPDATE ledger.problems SET rule = 'R010', line = 2, value = 'v'; UPDATE ledger.loads SET reason = 'R004 x'")
	}
}
