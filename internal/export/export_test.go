package export_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/csv"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"database/sql"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"
	_ "github.com/duckdb/duckdb-go/v2"
	"github.com/xuri/excelize/v2"

	"github.com/gttim/cauce/internal/export"
)

var day = time.Date(2024, 2, 29, 0, 0, 0, 0, time.UTC)

// sample has each kind, a row without anything, and texts that are dangerous.
func sample() *export.Table {
	return &export.Table{
		Name: "Datos", About: []export.Pair{{Name: "indicador", Value: "x"}, {Name: "unidad", Value: "eventos"}},
		Columns: []export.Column{{Name: "texto"}, {Name: "numero", Kind: export.Number}, {Name: "dia", Kind: export.Day}, {Name: "si", Kind: export.Flag},
			{Name: "notas", Kind: export.Texts}, {Name: "reportes", Kind: export.Integers}},
		Rows: [][]any{
			{"=1+1", 57.854293662807, day, true, []string{"@a", "b"}, []int{4, 31}},
			{"Yucatán", -1234698.0, day, false, []string{}, []int{}},
			{nil, nil, nil, nil, nil, nil},
		},
	}
}

func must(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}

func TestCSV(t *testing.T) {
	var b bytes.Buffer
	must(t, export.CSV(&b, sample()))
	if strings.Count(b.String(), "\n") != strings.Count(b.String(), "\r\n") {
		t.Error("lines do not end in CRLF")
	}
	got, err := csv.NewReader(&b).ReadAll()
	must(t, err)
	want := [][]string{
		{"texto", "numero", "dia", "si", "notas", "reportes"},
		{"'=1+1", "57.854293662807", "2024-02-29", "true", "'@a | b", "4 31"},
		{"Yucatán", "-1234698", "2024-02-29", "false", "", ""},
		{"", "", "", "", "", ""},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %q", got)
	}
}

func TestWorkbook(t *testing.T) {
	var b bytes.Buffer
	long := &export.Table{Name: "Ficha", Columns: []export.Column{{Name: "campo"}}, Rows: [][]any{{strings.Repeat("ñ", 40000)}}}
	must(t, export.Workbook(&b, sample(), long))
	f, err := excelize.OpenReader(&b)
	must(t, err)
	defer f.Close()
	if got := f.GetSheetList(); !reflect.DeepEqual(got, []string{"Datos", "Ficha"}) {
		t.Errorf("sheets %q", got)
	}
	for cell, want := range map[string]struct {
		raw  string
		kind excelize.CellType
	}{
		"A2": {"'=1+1", excelize.CellTypeInlineString}, "B2": {"57.854293662807", excelize.CellTypeUnset}, "D2": {"1", excelize.CellTypeBool},
		"B3": {"-1234698", excelize.CellTypeUnset}, "C2": {"45351", excelize.CellTypeUnset}, "E2": {"'@a | b", excelize.CellTypeInlineString}, "F2": {"4 31", excelize.CellTypeInlineString},
		"B4": {"", excelize.CellTypeUnset},
	} {
		raw, err := f.GetCellValue("Datos", cell, excelize.Options{RawCellValue: true})
		must(t, err)
		kind, err := f.GetCellType("Datos", cell)
		must(t, err)
		if formula, err := f.GetCellFormula("Datos", cell); err != nil || formula != "" {
			t.Errorf("%s is the formula %q: %v", cell, formula, err)
		}
		if raw != want.raw || kind != want.kind {
			t.Errorf("%s is %q of type %d, want %q of %d", cell, raw, kind, want.raw, want.kind)
		}
	}
	if shown, err := f.GetCellValue("Datos", "C2"); err != nil || shown != "2024-02-29" {
		t.Errorf("the day is shown as %q: %v", shown, err)
	}
	if text, err := f.GetCellValue("Ficha", "A2"); err != nil || len([]rune(text)) != 32767 || !strings.HasSuffix(text, "…") {
		t.Errorf("a long text has %d characters: %v", len([]rune(text)), err)
	}
}

// rows reads a record batch as Go values.
func rows(t *testing.T, r arrow.RecordBatch) [][]any {
	t.Helper()
	var out [][]any
	for i := range int(r.NumRows()) {
		var row []any
		for _, c := range r.Columns() {
			if c.IsNull(i) {
				row = append(row, nil)
				continue
			}
			switch c := c.(type) {
			case *array.String:
				row = append(row, c.Value(i))
			case *array.Float64:
				row = append(row, c.Value(i))
			case *array.Boolean:
				row = append(row, c.Value(i))
			case *array.Date32:
				row = append(row, c.Value(i).ToTime())
			case *array.List:
				from, to := c.ValueOffsets(i)
				switch of := c.ListValues().(type) {
				case *array.String:
					texts := []string{}
					for j := from; j < to; j++ {
						texts = append(texts, of.Value(int(j)))
					}
					row = append(row, texts)
				case *array.Int32:
					numbers := []int{}
					for j := from; j < to; j++ {
						numbers = append(numbers, int(of.Value(int(j))))
					}
					row = append(row, numbers)
				}
			}
		}
		out = append(out, row)
	}
	return out
}

func TestArrow(t *testing.T) {
	var b bytes.Buffer
	must(t, export.Arrow(&b, sample()))
	r, err := ipc.NewFileReader(bytes.NewReader(b.Bytes()))
	must(t, err)
	defer r.Close()
	if v, ok := r.Schema().Metadata().GetValue("unidad"); !ok || v != "eventos" {
		t.Errorf("metadata %v", r.Schema().Metadata())
	}
	batch, err := r.RecordBatch(0)
	must(t, err)
	if got := rows(t, batch); !reflect.DeepEqual(got, sample().Rows) {
		t.Errorf("got %v", got)
	}
}

func TestParquet(t *testing.T) {
	var b bytes.Buffer
	must(t, export.Parquet(&b, sample()))
	r, err := file.NewParquetReader(bytes.NewReader(b.Bytes()))
	must(t, err)
	defer r.Close()
	if v := r.MetaData().KeyValueMetadata().FindValue("unidad"); v == nil || *v != "eventos" {
		t.Errorf("metadata %v", r.MetaData().KeyValueMetadata())
	}
	a, err := pqarrow.NewFileReader(r, pqarrow.ArrowReadProperties{}, memory.DefaultAllocator)
	must(t, err)
	table, err := a.ReadTable(context.Background())
	must(t, err)
	defer table.Release()
	tr := array.NewTableReader(table, -1)
	defer tr.Release()
	if !tr.Next() {
		t.Fatal("no rows")
	}
	if got := rows(t, tr.RecordBatch()); !reflect.DeepEqual(got, sample().Rows) {
		t.Errorf("got %v", got)
	}

	// Another reader, the one that users are likely to have.
	path := filepath.Join(t.TempDir(), "x.parquet")
	must(t, os.WriteFile(path, b.Bytes(), 0o600))
	db, err := sql.Open("duckdb", "")
	must(t, err)
	defer db.Close()
	var n, missing int
	var types string
	var sum float64
	must(t, db.QueryRow("SELECT count(*), count(*) FILTER (numero IS NULL), sum(numero), any_value(typeof(texto)||' '||typeof(numero)||' '||typeof(dia)||' '||typeof(si)||' '||typeof(notas)||' '||typeof(reportes)) FROM read_parquet(?)", path).
		Scan(&n, &missing, &sum, &types))
	if n != 3 || missing != 1 || sum != -1234698+57.854293662807 || types != "VARCHAR DOUBLE DATE BOOLEAN VARCHAR[] INTEGER[]" {
		t.Errorf("%d rows, %d missing, sum %v, types %s", n, missing, sum, types)
	}
}

func TestEmptyTableHasItsColumns(t *testing.T) {
	empty := &export.Table{Name: "Datos", Columns: sample().Columns}
	for name, write := range map[string]func(io.Writer, *export.Table) error{"csv": export.CSV, "arrow": export.Arrow, "parquet": export.Parquet,
		"xlsx": func(w io.Writer, t *export.Table) error { return export.Workbook(w, t) }} {
		var b bytes.Buffer
		if err := write(&b, empty); err != nil || b.Len() == 0 {
			t.Errorf("%s: %d bytes, %v", name, b.Len(), err)
		}
		wrong := &export.Table{Name: "Datos", Columns: sample().Columns[:1], Rows: [][]any{{1.5}}}
		if err := write(io.Discard, wrong); err == nil {
			t.Errorf("%s writes a number among texts", name)
		}
	}
}

func TestZip(t *testing.T) {
	var one, two bytes.Buffer
	files := []export.File{{Name: "LEEME.md", Body: []byte("hola")}, {Name: "x.csv", Body: []byte("a,b\r\n")}}
	must(t, export.Zip(&one, day, files...))
	must(t, export.Zip(&two, day, files...))
	if !bytes.Equal(one.Bytes(), two.Bytes()) {
		t.Error("the same files give other bytes")
	}
	z, err := zip.NewReader(bytes.NewReader(one.Bytes()), int64(one.Len()))
	must(t, err)
	for i, f := range z.File {
		r, err := f.Open()
		must(t, err)
		body, err := io.ReadAll(r)
		must(t, err)
		if f.Name != files[i].Name || !bytes.Equal(body, files[i].Body) {
			t.Errorf("%s: %q", f.Name, body)
		}
	}
}

func TestGuard(t *testing.T) {
	for text, want := range map[string]string{"=1+1": "'=1+1", "+x": "'+x", "-x": "'-x", "@x": "'@x", "\tx": "'\tx", "x=1": "x=1", "": ""} {
		if got := export.Guard(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
