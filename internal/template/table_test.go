package template_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gttim/cauce/internal/cli"
	"github.com/gttim/cauce/internal/template"
	"github.com/xuri/excelize/v2"
)

// The templates of the bulletin's table, CSV and workbook, have its title and both
// rows of its header; filled in as people type, each loads, totals and all.
func TestTable(t *testing.T) {
	d := declared(t)
	ds := d.Dataset("upmrip-boletin-311")
	var text bytes.Buffer
	must(t, template.CSV(&text, ds))
	rows, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(text.Bytes(), []byte("\ufeff")))).ReadAll()
	must(t, err)
	if len(rows) != 3 || len(rows[0]) != 38 || rows[0][0] != ds.Columns[0].Title.Example || rows[1][1] != "Enero" || rows[1][2] != "" || rows[2][3] != "Subtotal" || rows[1][37] != "Total" {
		t.Fatalf("template %q", rows)
	}
	f := workbook(t, d, ds)
	merged, err := f.GetMergeCells("Datos")
	must(t, err)
	if len(merged) != 12 || merged[1].GetStartAxis() != "E2" || merged[1].GetEndAxis() != "G2" {
		t.Errorf("merged cells %v", merged)
	}
	guide, err := f.GetRows("Guía")
	must(t, err)
	for _, want := range []string{"América del Norte", "«Total general» y no puede faltar", "se rechaza el archivo", "en el título", ds.Columns[0].Title.Example} {
		if !strings.Contains(fmt.Sprint(guide), want) {
			t.Errorf("the guide does not say %q", want)
		}
	}
	for i, row := range []struct {
		label  string
		jan    [3]any
		feb    [3]any
		before string
	}{
		{"Total general", [3]any{12, 3, 15}, [3]any{4, 0, 4}, "19"}, {"América", [3]any{12, 3, 15}, [3]any{4, 0, 4}, "19"},
		{"Honduras", [3]any{10, 3, 13}, [3]any{4, 0, 4}, "17"}, {"Cuba", [3]any{2, 0, 2}, [3]any{0, 0, 0}, "2"},
	} {
		line := make([]string, 38)
		line[0], line[37] = row.label, row.before
		must(t, f.SetCellValue("Datos", fmt.Sprintf("A%d", i+4), row.label))
		for k := range 3 {
			for m, cells := range [][3]any{row.jan, row.feb} {
				line[1+m*3+k] = fmt.Sprint(cells[k])
				name, err := excelize.CoordinatesToCellName(2+m*3+k, i+4)
				must(t, err)
				must(t, f.SetCellValue("Datos", name, cells[k]))
			}
		}
		must(t, f.SetCellFormula("Datos", fmt.Sprintf("AL%d", i+4), fmt.Sprintf("D%d+G%d", i+4, i+4)))
		if i > 0 { // the total without its stored value is a total that says nothing
			must(t, f.SetCellValue("Datos", fmt.Sprintf("AL%d", i+4), row.before))
		}
		rows = append(rows, line)
	}
	dir := t.TempDir()
	book, file := filepath.Join(dir, "cuadro.xlsx"), filepath.Join(dir, "cuadro.csv")
	save := func() {
		must(t, f.SaveAs(book))
		var out bytes.Buffer
		must(t, csv.NewWriter(&out).WriteAll(rows))
		must(t, os.WriteFile(file, out.Bytes(), 0o600))
	}
	check := func(name string) (int, string) {
		var stdout, stderr bytes.Buffer
		code := cli.Run("test", []string{"check", name, "--published", "2025"}, &stdout, &stderr)
		return code, stdout.String() + stderr.String()
	}
	save()
	if code, out := check(book); code != 4 || !strings.Contains(out, `cuadro.xlsx:4:38: columna "Total", valor "": R050 «Total general» está en blanco y los renglones que abarca (2) suman 19`) {
		t.Errorf("a total without its value: exit %d\n%s", code, out)
	}
	must(t, f.SetCellValue("Datos", "AL4", 19))
	save()
	for _, name := range []string{book, file} {
		if code, out := check(name); code != 0 || !strings.Contains(out, "upmrip-boletin-311") {
			t.Errorf("%s: exit %d\n%s", filepath.Base(name), code, out)
		}
	}
	must(t, f.SetCellValue("Datos", "E6", 5))
	save()
	code, out := check(book)
	for _, want := range []string{
		`cuadro.xlsx:4:5: columna "Febrero Presentados", valor "4": R050 «Total general» dice 4 y los renglones que abarca (2) suman 5 (se espera 5)`,
		`cuadro.xlsx:5:5: columna "Febrero Presentados", valor "4": R050 «América» dice 4 y los renglones que abarca (2) suman 5 (se espera 5)`,
		`cuadro.xlsx:6:7: columna "Febrero Subtotal", valor "4": R051 «Honduras» dice 4 y las columnas que abarca suman 5 (se espera 5)`,
		`cuadro.xlsx:6:38: columna "Total", valor "17": R051 «Honduras» dice 17 y las columnas que abarca suman 18 (se espera 18)`,
	} {
		if code != 4 || !strings.Contains(out, want) {
			t.Errorf("exit %d, not told %s:\n%s", code, want, out)
		}
	}
}
