package xlsx

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
)

func TestCellsAsContractsWantThem(t *testing.T) {
	b := book(t, func(f *excelize.File) {
		must(t, f.SetSheetRow("Sheet1", "A1", &[]any{"fecha", "mes", "eventos", "redondeado", "folio", "total", "parte", "nota"}))
		must(t, f.SetSheetRow("Sheet1", "A3", &[]any{time.Date(2024, 7, 15, 0, 0, 0, 0, time.UTC), time.Date(2024, 7, 1, 0, 0, 0, 0, time.UTC), 1234698, true, "007", nil, 0.5985, "1E3"}))
		short, long, pct := "yyyy-mm", "dd/mm/yyyy", "0.00%"
		style := func(cell string, s *excelize.Style) {
			id, err := f.NewStyle(s)
			must(t, err)
			must(t, f.SetCellStyle("Sheet1", cell, cell, id))
		}
		style("A3", &excelize.Style{CustomNumFmt: &long})
		style("B3", &excelize.Style{CustomNumFmt: &short})
		style("C3", &excelize.Style{NumFmt: 3}) // 1,234,698
		style("G3", &excelize.Style{CustomNumFmt: &pct})
		must(t, f.SetCellValue("Sheet1", "F3", 13))
		must(t, f.SetCellFormula("Sheet1", "F3", "C3+1"))
		must(t, f.SetCellRichText("Sheet1", "A5", []excelize.RichTextRun{{Text: "Méx"}, {Text: "ico", Font: &excelize.Font{Bold: true}}}))
		must(t, f.SetCellFormula("Sheet1", "B5", "1+1"))
	})
	want := "1:fecha|mes|eventos|redondeado|folio|total|parte|nota\n" +
		"3:2024-07-15|2024-07|1234698|1|007|13|59.85%|1E3\n" +
		"5:México| !1,2\n"
	if got := mustRead(t, b, Options{}).String(); got != want {
		t.Errorf("rows\n%swant\n%s", got, want)
	}
}

func TestCellsAsStored(t *testing.T) {
	data := `<row r="2"><c r="A2" t="b"><v>0</v></c><c r="B2" t="e"><v>#N/A</v></c><c r="C2" t="str"><f>x</f><v></v></c>` +
		`<c r="D2" t="d"><v>2024-07-15T00:00:00</v></c><c r="E2" t="inlineStr"><is><r><t>a&lt;</t></r><rPh sb="0"><t>no</t></rPh><r><t xml:space="preserve"> b</t></r></is></c>` +
		`<c r="F2"><v>12345678901234567890</v></c><c r="G2"><f>1+1</f><v/></c></row>` +
		`<row/><row><c/><c><v>1</v></c></row><row r="9" hidden="1"><c r="C9" t="str"><v>x_x000A_y</v></c></row>` +
		`<row r="10" hidden="true"/>`
	got := mustRead(t, pack(t, sheetOf(data)), Options{})
	want := "2:0|#N/A||2024-07-15|a< b|12345678901234600000| !1,1 !5,4 !6,2\n4:|1\n9:||x\ny\n"
	if got.String() != want {
		t.Errorf("rows\n%swant\n%s", got, want)
	}
	if i := got.info; i.HiddenRows != 1 || i.FirstHidden != 9 || i.LastRow != 9 || i.Sheet != "Hoja" {
		t.Errorf("info %+v", i)
	}
}

// The elements of a workbook may carry any prefix, and a part any case.
func TestPrefixes(t *testing.T) {
	parts := smallest(`<x:worksheet xmlns:x="s"><x:cols/><x:sheetData><x:row r="1"><x:c r="A1" t="s"><x:v>0</x:v></x:c></x:row></x:sheetData></x:worksheet>`)
	parts["xl/_rels/workbook.xml.rels"] = `<Relationships><Relationship Id="b" Type="http://x/worksheet" Target="/xl/worksheets/Sheet1.xml"/>` +
		`<Relationship Id="c" Type="http://x/sharedStrings" Target="sharedStrings.xml"/></Relationships>`
	parts["xl/SharedStrings.xml"] = `<x:sst xmlns:x="s"><x:si><x:t>uno</x:t></x:si></x:sst>`
	if got := mustRead(t, pack(t, parts), Options{}).String(); got != "1:uno\n" {
		t.Error(got)
	}
}

func TestSheetByContent(t *testing.T) {
	b := book(t, func(f *excelize.File) {
		for _, name := range []string{"Datos 2024", "Datos 2025", "Vieja"} {
			_, err := f.NewSheet(name)
			must(t, err)
			must(t, f.SetSheetRow(name, "A4", &[]any{"mes", "eventos"}))
			must(t, f.SetSheetRow(name, "A5", &[]any{1, 5}))
		}
		must(t, f.SetCellValue("Sheet1", "A1", "portada"))
		must(t, f.SetSheetVisible("Vieja", false))
	})
	got := mustRead(t, b, Options{Header: header("mes", "eventos")})
	if got.info.Sheet != "Datos 2024" || got.info.Header != 4 || !reflect.DeepEqual(got.info.Also, []string{"Datos 2025"}) || got.String() != "4:mes|eventos\n5:1|5\n" {
		t.Errorf("%+v\n%s", got.info, got)
	}
	if got = mustRead(t, b, Options{Sheet: " VIEJA", Header: header("mes", "eventos")}); got.info.Sheet != "Vieja" || !got.info.HiddenSheet || got.info.Header != 4 {
		t.Errorf("%+v", got.info)
	}
	if got = mustRead(t, b, Options{}); got.info.Sheet != "Sheet1" || got.info.Header != 0 || got.info.Also != nil {
		t.Errorf("%+v", got.info)
	}
	for opt, want := range map[*Options]error{
		{Sheet: "Otra"}:               ErrNoSheet,
		{Header: header("x")}:         ErrNoHeader,
		{Header: header("no", "hay")}: ErrNoHeader,
	} {
		if _, err := readAll(b, *opt); !errors.Is(err, want) {
			t.Errorf("%v, want %v", err, want)
		}
	}
	b = book(t, func(f *excelize.File) {
		_, err := f.NewSheet("Otra")
		must(t, err)
		must(t, f.SetSheetRow("Otra", "A1", &[]any{"mes"}))
		must(t, f.SetSheetVisible("Otra", false))
	})
	_, err := readAll(b, Options{Header: header("mes")})
	var e *Error
	if !errors.Is(err, ErrHidden) || !errors.As(err, &e) || e.Sheet != "Otra" || e.Hint == "" {
		t.Errorf("%v", err)
	}
}

func TestMergedCells(t *testing.T) {
	b := book(t, func(f *excelize.File) {
		must(t, f.SetSheetRow("Sheet1", "A1", &[]any{"Cuadro 3.1.1"}))
		must(t, f.SetSheetRow("Sheet1", "A2", &[]any{"país", "enero"}))
		must(t, f.SetSheetRow("Sheet1", "A3", &[]any{nil, "h", "m", "nota"}))
		must(t, f.SetSheetRow("Sheet1", "A4", &[]any{"Cuba", 1, 2, "x"}))
		must(t, f.SetSheetRow("Sheet1", "A5", &[]any{nil, 3, 4}))
		must(t, f.SetSheetRow("Sheet1", "A6", &[]any{"Haití", 5, 6}))
		for _, m := range [][2]string{{"A1", "E1"}, {"A2", "A3"}, {"B2", "C2"}, {"D3", "E3"}, {"A4", "A5"}, {"D4", "D5"}, {"A6", "A6"}} {
			must(t, f.MergeCell("Sheet1", m[0], m[1]))
		}
	})
	got := mustRead(t, b, Options{Header: header("país", "h", "m", "nota", "nota")})
	want := "1:Cuadro 3.1.1\n2:país|enero\n3:país|h|m|nota|nota\n4:Cuba|1|2|x\n5:|3|4 !0,3 !3,3\n6:Haití|5|6\n"
	if got.String() != want || got.info.Header != 3 {
		t.Errorf("%+v\n%swant\n%s", got.info, got, want)
	}
}

func TestOpenFile(t *testing.T) {
	name := filepath.Join(t.TempDir(), "a.xlsx")
	must(t, os.WriteFile(name, pack(t, sheetOf(`<row><c><v>1</v></c></row>`)), 0o600))
	r, err := Open(name, Options{})
	must(t, err)
	if row, cells, err := r.Next(); row != 1 || len(cells) != 1 || err != nil {
		t.Errorf("%d %q %v", row, cells, err)
	}
	must(t, r.Close())
	if _, err := Open(name+"no", Options{}); !errors.Is(err, os.ErrNotExist) {
		t.Error(err)
	}
	must(t, os.WriteFile(name, []byte("nada"), 0o600))
	if _, err := Open(name, Options{}); !errors.Is(err, ErrNotXLSX) {
		t.Error(err)
	}
}

// What excelize's own iterator reads of a workbook that it wrote, this reader
// reads too, cell by cell.
func TestAgainstExcelize(t *testing.T) {
	b := register(t, 500, true)
	f, err := excelize.OpenReader(strings.NewReader(string(b)))
	must(t, err)
	defer f.Close()
	want, err := f.GetRows("Sheet1", excelize.Options{RawCellValue: true})
	must(t, err)
	got := mustRead(t, b, Options{})
	if len(got.cells) != len(want) {
		t.Fatalf("%d rows, want %d", len(got.cells), len(want))
	}
	for i := range want {
		for k := range want[i] {
			if k == 1 && i > 0 {
				continue // a date: raw is the count of days
			}
			if k == 8 && i > 0 {
				want[i][k], _ = numberText(want[i][k], general, false)
			}
			if got.cells[i][k] != want[i][k] {
				t.Fatalf("row %d: %q, want %q", i+1, got.cells[i], want[i])
			}
		}
	}
}
