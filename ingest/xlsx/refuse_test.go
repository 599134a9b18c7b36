package xlsx

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// Fault 11: what is no XLSX is named, with a way out in Spanish.
func TestFault11_NamedByMagic(t *testing.T) {
	protected := func() []byte {
		f := excelize.NewFile()
		defer f.Close()
		var out bytes.Buffer
		must(t, f.Write(&out, excelize.Options{Password: "x"}))
		return out.Bytes()
	}()
	excel97, err := os.ReadFile("testdata/excel97.xls") // written by LibreOffice 7.4 as «Excel 97-2003»
	must(t, err)
	only := func(names ...string) []byte {
		parts := map[string]string{}
		for _, n := range names {
			parts[n] = "x"
		}
		return pack(t, parts)
	}
	for _, c := range []struct {
		name string
		b    []byte
		kind error
		says string
	}{
		{"empty", nil, ErrNotXLSX, "vacío"},
		{"csv", []byte("a,b\n1,2\n"), ErrNotXLSX, "no es un libro XLSX"},
		{"html", []byte("\xef\xbb\xbf <!DOCTYPE html><html>"), ErrNotXLSX, "HTML"},
		{"xml 2003", []byte(`<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">`), ErrNotXLSX, "XML 2003"},
		{"pdf", []byte("%PDF-1.7"), ErrNotXLSX, "PDF"},
		{"xls", append([]byte(magicOLE), make([]byte, 4096)...), ErrOldXLS, "97-2003"},
		{"real xls", excel97, ErrOldXLS, "97-2003"},
		{"biff4", []byte{0x09, 0x04, 0x06, 0x00, 0, 0, 0x10, 0}, ErrOldXLS, "97-2003"},
		{"password", protected, ErrPassword, "contraseña"},
		{"zip", only("datos.csv"), ErrNotXLSX, "ZIP"},
		{"docx", only("_rels/.rels", "word/document.xml"), ErrBroken, "dañado"},
		{"ods", only("mimetype", "content.xml"), ErrNotXLSX, "OpenDocument"},
		{"xlsb", only("xl/workbook.bin"), ErrNotXLSX, ".xlsb"},
		{"cut", []byte(magicZip), ErrBroken, "ZIP"},
	} {
		_, err := readAll(c.b, Options{})
		var e *Error
		if !errors.Is(err, c.kind) || !errors.As(err, &e) || !strings.Contains(e.Message, c.says) || e.Hint == "" {
			t.Errorf("%s: %v (%+v)", c.name, err, e)
		}
	}
	if _, err := readAll(pack(t, map[string]string{
		"_rels/.rels":       `<Relationships><Relationship Id="a" Type="http://x/officeDocument" Target="word/document.xml"/></Relationships>`,
		"word/document.xml": "x"}), Options{}); !errors.Is(err, ErrNotXLSX) {
		t.Errorf("docx: %v", err)
	}
}

// The name that tells a protected workbook may lie across two reads.
func TestContains_acrossReads(t *testing.T) {
	what := utf16("EncryptedPackage")
	for _, at := range []int{0, 64<<10 - 40, 64<<10 - 16, 64<<10 - 1, 64 << 10, 128<<10 - 20} {
		b := append(bytes.Repeat([]byte{7}, at), what...)
		if ok, err := contains(bytes.NewReader(b), what); !ok || err != nil {
			t.Errorf("not found at %d: %v", at, err)
		}
	}
	if ok, _ := contains(strings.NewReader("Encrypted"), what); ok {
		t.Error("found where it is not")
	}
}

// Fault 12: bombs and workbooks past a limit are refused before they cost
// anything.
func TestFault12_Limits(t *testing.T) {
	cell := func(n int, s string) string {
		return fmt.Sprintf(`<row r="%d"><c r="A%d"><v>%s</v></c></row>`, n, n, s)
	}
	many := map[string]string{}
	for i := range 60_000 {
		many[fmt.Sprintf("parte-con-un-nombre-largo-para-que-el-directorio-crezca-%d", i)] = ""
	}
	shared := sheetOf(`<row><c t="s"><v>0</v></c></row>`)
	shared["xl/_rels/workbook.xml.rels"] = `<Relationships><Relationship Id="b" Type="http://x/worksheet" Target="worksheets/sheet1.xml"/>` +
		`<Relationship Id="c" Type="http://x/sharedStrings" Target="sharedStrings.xml"/></Relationships>`
	shared["xl/sharedStrings.xml"] = "<sst>" + strings.Repeat("<si><t>diez letra</t></si>", 50) + "</sst>"
	sheets := sheetOf("")
	sheets["xl/workbook.xml"] = `<workbook><sheets>` + strings.Repeat(`<sheet name="a" id="b"/>`, 4) + `</sheets></workbook>`
	overlapping := smallest(`<worksheet><sheetData>` + cell(1, "1") + cell(2, "2") + `</sheetData><mergeCells>` + strings.Repeat(`<mergeCell ref="A1:A9"/>`, 30) + `</mergeCells></worksheet>`)
	for _, c := range []struct {
		name  string
		parts map[string]string
		opt   Options
		kind  error
	}{
		{"ratio", sheetOf(strings.Repeat(" ", 40<<20)), Options{}, ErrTooBig},
		{"sheet", sheetOf(strings.Repeat(cell(1, "x"), 1000)), Options{SheetBytes: 1000}, ErrTooBig},
		{"row", sheetOf(`<row><c t="str"><v>` + strings.Repeat("x", 3<<20) + `</v></c></row>`), Options{RowBytes: 1 << 20}, ErrTooBig},
		{"tag", sheetOf(`<row a="` + strings.Repeat("x", 3<<20) + `"/>`), Options{RowBytes: 1 << 20}, ErrTooBig},
		{"tail", smallest(`<worksheet><sheetData/><a b="` + strings.Repeat("x", 3<<20) + `"/></worksheet>`), Options{RowBytes: 1 << 20}, ErrNoHeader},
		{"rows", sheetOf(cell(11, "1")), Options{Rows: 10}, ErrTooBig},
		{"columns", sheetOf(`<row r="1"><c r="C1"><v>1</v></c></row>`), Options{Columns: 2}, ErrTooBig},
		{"strings", shared, Options{Strings: 49}, ErrTooBig},
		{"text", shared, Options{StringBytes: 499}, ErrTooBig},
		{"sheets", sheets, Options{Sheets: 3}, ErrTooBig},
		{"parts", many, Options{}, ErrTooBig},
		{"part", sheetOf(""), Options{PartBytes: 20}, ErrTooBig},
		{"file", sheetOf(""), Options{FileBytes: 100}, ErrTooBig},
		{"merged", overlapping, Options{Merged: 20}, ErrTooBig},
		{"overlapping", overlapping, Options{Columns: 20}, ErrBroken},
	} {
		_, err := readAll(pack(t, c.parts), c.opt)
		var e *Error
		if !errors.Is(err, c.kind) || !errors.As(err, &e) || e.Hint == "" {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	if got := mustRead(t, pack(t, shared), Options{Strings: 50, StringBytes: 500}); got.String() != "1:diez letra\n" {
		t.Error(got)
	}
}

// A sheet that is damaged in the middle is an error, never a shorter sheet.
func TestDamagedXML(t *testing.T) {
	good := `<row r="1"><c r="A1"><v>1</v></c></row>`
	for name, parts := range map[string]map[string]string{
		"order":       sheetOf(`<row r="2"/>` + good),
		"cell order":  sheetOf(`<row r="1"><c r="B1"/><c r="A1"/></row>`),
		"cell row":    sheetOf(`<row r="1"><c r="A2"/></row>`),
		"twice":       sheetOf(`<row r="1"><c r="A1"/><c r="A1"/></row>`),
		"place":       sheetOf(`<row r="1"><c r="XFE1"/></row>`),
		"no string":   sheetOf(`<row r="1"><c r="A1" t="s"><v>0</v></c></row>`),
		"utf-8":       sheetOf(good + "<row><c t=\"str\"><v>M\xe9xico</v></c></row>" + good),
		"control":     sheetOf(good + "<row><c t=\"str\"><v>\x01</v></c></row>"),
		"entity":      sheetOf(good + `<row><c t="str"><v>&x;</v></c></row>`),
		"cut":         smallest(`<worksheet><sheetData>` + good + `<row r="2"><c`),
		"cut row":     smallest(`<worksheet><sheetData>` + good),
		"cut end":     smallest(`<worksheet><sheetData>` + good + `</sheetData>`),
		"doctype":     smallest(`<!DOCTYPE worksheet [<!ENTITY x "y">]><worksheet><sheetData>` + good + `</sheetData></worksheet>`),
		"utf-16":      smallest(`<?xml version="1.0" encoding="UTF-16"?><worksheet><sheetData>` + good + `</sheetData></worksheet>`),
		"nothing":     smallest(``),
		"no sheet":    {"_rels/.rels": smallest("")["_rels/.rels"], "xl/workbook.xml": smallest("")["xl/workbook.xml"], "xl/_rels/workbook.xml.rels": smallest("")["xl/_rels/workbook.xml.rels"]},
		"no relation": {"_rels/.rels": smallest("")["_rels/.rels"], "xl/workbook.xml": smallest("")["xl/workbook.xml"]},
	} {
		if got, err := readAll(pack(t, parts), Options{}); !errors.Is(err, ErrBroken) {
			t.Errorf("%s: %v\n%s", name, err, got)
		}
	}
}

func TestTwiceTheSamePart(t *testing.T) {
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for range 2 {
		w, err := z.Create("xl/workbook.xml")
		must(t, err)
		_, err = io.WriteString(w, "x")
		must(t, err)
	}
	must(t, z.Close())
	if _, err := readAll(out.Bytes(), Options{}); !errors.Is(err, ErrBroken) {
		t.Error(err)
	}
}

// Cut or changed anywhere, a workbook is read whole or refused by name.
func TestDamagedZip(t *testing.T) {
	b := register(t, 300, false)
	want := mustRead(t, b, Options{}).String()
	for at := 0; at < len(b); at += 1 + len(b)/997 {
		if got, err := readAll(b[:at], Options{}); err == nil {
			t.Fatalf("cut at %d: %d rows", at, len(got.cells))
		}
		c := bytes.Clone(b)
		c[at] ^= 0x55
		got, err := readAll(c, Options{})
		var e *Error
		if err == nil && got.String() != want || err != nil && !errors.As(err, &e) {
			t.Fatalf("changed at %d: %d rows, %v", at, len(got.cells), err)
		}
	}
}
