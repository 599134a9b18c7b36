package ingest

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gttim/cauce/data"
	"github.com/gttim/cauce/ingest/ingesttest"
	"github.com/gttim/cauce/internal/warehouse"
	"github.com/xuri/excelize/v2"
)

// taking are declarations whose contracts take workbooks.
func taking(t *testing.T) *data.Declarations {
	t.Helper()
	decls := ingesttest.Declarations(t, map[string]string{
		"prueba-libro":       "workbook: {}\n" + strings.Replace(ingesttest.Events, "skip_rows", "reject: {rows: 100, share: 0.9}\nskip_rows", 1),
		"prueba-libro-ancho": "workbook: {sheet: Cuadro}\n" + ingesttest.Wide,
	})
	return decls
}

// libro makes a workbook whose sheet Datos has these rows from A1; nil leaves a row out.
func libro(t *testing.T, edit func(*excelize.File), rows ...[]any) string {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	if err := f.SetSheetName("Sheet1", "Datos"); err != nil {
		t.Fatal(err)
	}
	for i, row := range rows {
		if row == nil {
			continue
		}
		if err := f.SetSheetRow("Datos", fmt.Sprintf("A%d", i+1), &row); err != nil {
			t.Fatal(err)
		}
	}
	if edit != nil {
		edit(f)
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// A workbook goes through the same gate: same rules, its rows as lines and its
// cells as places; rows without a value are blank lines, cells that a row does
// not store are empty, a line end in a cell is no line.
func TestWorkbookLoads(t *testing.T) {
	b := newJob(t, taking(t))
	content := libro(t, nil,
		[]any{"Cuadro 3.1.1"},
		[]any{"Estado", "mes", "eventos", "texto", "nota"},
		[]any{"Chiapas", 1, 113839, "dos\nlíneas, \"citadas\"", "ignorada"},
		nil,
		[]any{"Chapas", 2, "12.5"},
		[]any{7, 3, 40},
		[]any{"CDMX", 4, 5, nil, nil, nil},
		[]any{"CDMX", 5, 5, "x", "y", "de más"},
		[]any{"Fuente: prueba"})
	res := b.run(b.drop("prueba-libro", "entrega.xlsx", content))
	l := res.Load
	if res.Outcome != warehouse.Partial || l.Encoding != "xlsx" || l.Records != 6 || l.Accepted != 3 || l.Quarantined != 2 || l.Skipped != 1 ||
		l.PhysicalLines != 9 || l.HeaderLines != 2 || l.BlankLines != 1 {
		t.Fatalf("%+v %v", l, res.Problems)
	}
	var got []string
	for _, p := range res.Problems {
		got = append(got, fmt.Sprintf("%d:%d %s %s", p.Line, p.Column, p.Field, p.Rule))
	}
	want := "4:0  R033|5:1 entidad R020|5:3 eventos R014|8:0  R021"
	if s := strings.Join(got, "|"); s != want {
		t.Errorf("problems %s, want %s", s, want)
	}
	if n := b.count(`SELECT count(*) FROM raw.prueba_libro WHERE line IN (3, 6, 7)`); n != 3 {
		t.Errorf("%d rows on the sheet's lines", n)
	}
	if n := b.count(`SELECT count(*) FROM raw.prueba_libro r WHERE texto = ?`, "dos\nlíneas, \"citadas\""); n != 1 {
		t.Error("the cell with a line end is not as delivered")
	}
	archived, err := os.ReadFile(b.Home.Path(warehouse.ArchiveDir, res.Report.SHA256))
	if err != nil || string(archived) != content {
		t.Errorf("the archive does not hold the workbook as delivered: %v", err)
	}
}

// What the workbook itself has no certain value for is told cell by cell.
func TestWorkbookFaultyCells(t *testing.T) {
	b := newJob(t, taking(t))
	content := libro(t, func(f *excelize.File) {
		if err := f.SetCellFormula("Datos", "C2", "A1+1"); err != nil {
			t.Fatal(err)
		}
		if err := f.MergeCell("Datos", "A3", "A4"); err != nil {
			t.Fatal(err)
		}
	}, []any{"Estado", "mes", "eventos"}, []any{"Chiapas", 1}, []any{"CDMX", 1, 5}, []any{nil, 2, 5}, []any{"CDMX", 3, 5})
	res := b.run(b.drop("prueba-libro", "celdas.xlsx", content))
	if res.Load.Accepted != 2 || res.Load.Quarantined != 2 {
		t.Fatalf("%+v %v", res.Load, res.Problems)
	}
	for i, want := range []struct {
		line, column int
		message      string
	}{{2, 3, "fórmula"}, {4, 1, "combinada"}} {
		if p := res.Problems[i]; p.Rule != data.RuleSheetCell || p.Line != want.line || p.Column != want.column || !strings.Contains(p.Message, want.message) {
			t.Errorf("problem %d is %v", i, p)
		}
	}
}

func TestWorkbookWide(t *testing.T) {
	b := newJob(t, taking(t))
	head := []any{"anio", "tipo", "ENE", "FEB", "MAR", "ABR", "MAY", "JUN", "JUL", "AGO", "SEP", "OCT", "NOV", "DIC"}
	content := libro(t, func(f *excelize.File) {
		if err := f.SetSheetName("Datos", "cuadro "); err != nil {
			t.Fatal(err)
		}
	}, head, []any{2025, "A", 1, 2, 3}, []any{2025, "B", 0, 5, 6}, []any{2025, "C", 4, nil, 6})
	res := b.run(b.drop("prueba-libro-ancho", "ancho.xlsx", content))
	if res.Load.Accepted != 2 || res.Load.RawRows != 6 || len(res.Problems) != 1 || res.Problems[0].Rule != data.RuleBlankMonth || res.Problems[0].Line != 4 || res.Problems[0].Column != 4 {
		t.Errorf("%+v %v", res.Load, res.Problems)
	}
}

// Faults 11 and 12: what a file is and what its name says must agree, and a
// workbook that cannot be read is refused by name.
func TestWorkbookRefused(t *testing.T) {
	b := newJob(t, taking(t))
	good := libro(t, nil, []any{"Estado", "mes", "eventos"}, []any{"Chiapas", 1, 5})
	b97, err := os.ReadFile("xlsx/testdata/excel97.xls")
	if err != nil {
		t.Fatal(err)
	}
	excel97 := string(b97)
	for _, c := range []struct {
		dataset, name, content, rule, says string
	}{
		{"prueba-eventos", "a.xlsx", good, data.RuleNotCSV, "zip"},
		{"prueba-libro", "b.csv", good, data.RuleNotCSV, ".xlsx"},
		{"prueba-libro", "c.xlsx", head + "1,Chiapas,5\n", data.RuleWorkbook, "no es un libro XLSX"},
		{"prueba-libro", "d.xls", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + strings.Repeat("\x00", 600), data.RuleWorkbook, "97-2003"},
		{"prueba-libro", "d2.xls", excel97, data.RuleWorkbook, "Guardar como…"},
		{"prueba-libro", "d3.xlsx", excel97, data.RuleWorkbook, "cambiar solo el nombre no basta"},
		{"prueba-libro", "d4.csv", excel97, data.RuleNotCSV, "Libro de Excel (*.xlsx)"},
		{"prueba-eventos", "d5.xls", excel97, data.RuleNotCSV, "CSV UTF-8 (delimitado por comas)"},
		{"prueba-libro", "e.xlsx", good[:len(good)/2], data.RuleWorkbook, "dañado"},
		{"prueba-libro", "f.xlsx", libro(t, nil, []any{"a", "b"}, []any{1, 2}), data.RuleNoHeader, "ninguna hoja"},
		{"prueba-libro", "g.xlsx", libro(t, nil, []any{"Estado", "Mes", "eventos"}, []any{"Chiapas", 1, 5}), data.RuleMissingColumn, "mes"},
		{"prueba-libro-ancho", "h.xlsx", good, data.RuleWorkbook, "no hay hoja «Cuadro»"},
		{"prueba-libro", "i.xlsx", libro(t, nil, []any{"Estado", "mes", "eventos"}), data.RuleHeaderOnly, "ninguna fila"},
		{"prueba-libro", "j.xlsx", "", data.RuleEmpty, "0 bytes"},
	} {
		res := b.run(b.drop(c.dataset, c.name, c.content))
		if res.Outcome != warehouse.Refused || len(res.Problems) == 0 || res.Problems[0].Rule != c.rule || !strings.Contains(fmt.Sprint(res.Problems, res.Problems[0].Hint), c.says) {
			t.Errorf("%s: %s %v", c.name, res.Outcome, res.Problems)
		}
	}
	if res := b.run(b.drop("prueba-libro", "k.XLSX", good)); res.Outcome != warehouse.Accepted {
		t.Errorf("a whole workbook: %s %v", res.Outcome, res.Problems)
	}
}

// The same rows as workbook and as CSV are the same rows in the warehouse.
func TestWorkbookEqualsCSV(t *testing.T) {
	b := newJob(t, taking(t))
	csv := b.run(b.drop("prueba-libro", "a.csv", "Estado,mes,eventos,fecha\nChiapas,1,5,2024-07-15\nCDMX,2,1234698,\n"))
	f := excelize.NewFile()
	defer f.Close()
	sheet := b.run(b.drop("prueba-libro", "a.xlsx", libro(t, nil,
		[]any{"Estado", "mes", "eventos", "fecha"}, []any{"Chiapas", 1, 5, ingesttest.Day("2024-07-15")}, []any{"CDMX", 2, 1234698})))
	if sheet.Outcome != warehouse.Accepted {
		t.Fatal(sheet.Problems)
	}
	n := b.count(`SELECT count(*) FROM (
		SELECT mes, eventos, fecha FROM raw.prueba_libro WHERE load_id = ? EXCEPT ALL SELECT mes, eventos, fecha FROM raw.prueba_libro WHERE load_id = ?)`, sheet.Load.ID, csv.Load.ID)
	if n != 0 {
		t.Errorf("%d rows differ", n)
	}
}

// Fault 11: an old XLS of no dataset's name is told with the way to save it.
func TestRecogniseOldWorkbook(t *testing.T) {
	f, err := os.Open("xlsx/testdata/excel97.xls")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	_, err = RecogniseFile(taking(t), "cuadro_3.1.1.xls", f)
	if !errors.Is(err, ErrUnrecognised) || !strings.Contains(err.Error(), "Guardar como…") {
		t.Error(err)
	}
}

func TestRecogniseWorkbook(t *testing.T) {
	decls := taking(t)
	for content, want := range map[string]string{
		libro(t, nil, []any{"Estado", "mes", "eventos"}): "prueba-libro",
		libro(t, nil, []any{"nada", "de", "nada"}):       "",
		head: "",
	} {
		path := filepath.Join(t.TempDir(), "x.xlsx")
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		f, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		if got, err := RecogniseFile(decls, path, f); got != want {
			t.Errorf("recognised as %q: %v", got, err)
		}
	}
}
