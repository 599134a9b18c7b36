package ingest

import (
	"fmt"
	"strings"
	"testing"

	"github.com/gttim/cauce/ingest/ingesttest"
	"github.com/gttim/cauce/internal/warehouse"
)

// A file of 300 columns of every kind is loaded in the memory that the database has by
// default, every cell as it was delivered.
func TestManyColumns(t *testing.T) {
	const rows, each = 5000, 60
	kinds := []struct{ name, cell, sql string }{ // of a number from 1 to 28
		{"entero", "%d", "CAST(%s AS BIGINT)"},
		{"decimal", "%d.5", "CAST(%s + 0.5 AS DOUBLE)"},
		{"fecha", "2024-01-%02d", "make_date(2024, 1, CAST(%s AS INTEGER))"},
		{"categoria", "c%d", "'c' || (%s)"},
		{"texto", "texto %d", "'texto ' || (%s)"},
	}
	var names []string
	for _, k := range kinds {
		names = append(names, k.name)
	}
	b := newJob(t, ingesttest.Declarations(t, map[string]string{"prueba-encuesta": ingesttest.Survey(each, names...)}))
	file := []byte("folio")
	for _, k := range kinds {
		for i := range each {
			file = fmt.Appendf(file, ",%s_%d", k.name, i)
		}
	}
	for row := range rows {
		file = fmt.Appendf(file, "\nF-%d", 1000+row)
		for _, k := range kinds {
			for i := range each {
				if file = append(file, ','); (row+i)%7 > 0 {
					file = fmt.Appendf(file, k.cell, 1+(row+3*i)%28)
				}
			}
		}
	}
	res := b.run(b.drop("prueba-encuesta", "encuesta.csv", string(file)))
	if res.Outcome != warehouse.Accepted || res.Load.RawRows != rows {
		t.Fatalf("%s, %d rows", res.Outcome, res.Load.RawRows)
	}
	conn, err := b.DB.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if err := warehouse.Stored(conn, b.Decls.Dataset("prueba-encuesta"), 1).Delivered(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, k := range kinds {
		columns, values := "line, folio", "2 + i, 'F-' || (1000 + i)"
		for i := range each {
			columns += fmt.Sprintf(", %s_%d", k.name, i)
			values += fmt.Sprintf(", CASE WHEN (i + %d) %% 7 > 0 THEN %s END", i, strings.Replace(k.sql, "%s", fmt.Sprintf("(1 + (i + %d) %% 28)", 3*i), 1))
		}
		var same int
		q := fmt.Sprintf("SELECT count(*) FROM (SELECT %s FROM entrega INTERSECT ALL SELECT %s FROM range(%d) r(i))", columns, values, rows)
		if err := conn.QueryRowContext(t.Context(), q).Scan(&same); err != nil || same != rows {
			t.Errorf("%s: %d of %d rows are as delivered: %v", k.name, same, rows, err)
		}
	}
}
