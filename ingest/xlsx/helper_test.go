package xlsx

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// rows is a sheet as read.
type rows struct {
	number []int
	cells  [][]string
	faults [][]Fault
	info   Info
}

func readAll(b []byte, opt Options) (rows, error) {
	var out rows
	r, err := New(bytes.NewReader(b), int64(len(b)), opt)
	if err != nil {
		return out, err
	}
	defer r.Close()
	for {
		row, cells, err := r.Next()
		if errors.Is(err, io.EOF) {
			out.info = r.Info()
			return out, nil
		}
		if err != nil {
			return out, err
		}
		out.number = append(out.number, row)
		out.cells = append(out.cells, append([]string(nil), cells...))
		out.faults = append(out.faults, append([]Fault(nil), r.Faults()...))
	}
}

func mustRead(t *testing.T, b []byte, opt Options) rows {
	t.Helper()
	out, err := readAll(b, opt)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func (r rows) String() string {
	var b strings.Builder
	for i, n := range r.number {
		fmt.Fprintf(&b, "%d:%s", n, strings.Join(r.cells[i], "|"))
		for _, f := range r.faults[i] {
			fmt.Fprintf(&b, " !%d,%d", f.Column, f.Kind)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// book writes a workbook with excelize.
func book(t testing.TB, fill func(f *excelize.File)) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	fill(f)
	var out bytes.Buffer
	if err := f.Write(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// parts of the smallest workbook, with the rows of its only sheet to be filled in.
func smallest(sheet string) map[string]string {
	return map[string]string{
		"_rels/.rels":                `<Relationships><Relationship Id="a" Type="http://x/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
		"xl/workbook.xml":            `<workbook xmlns:r="r"><sheets><sheet name="Hoja" sheetId="1" r:id="b"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="b" Type="http://x/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
		"xl/worksheets/sheet1.xml":   sheet,
	}
}

func sheetOf(data string) map[string]string {
	return smallest(`<worksheet><sheetData>` + data + `</sheetData></worksheet>`)
}

func pack(t testing.TB, parts map[string]string) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for name, text := range parts {
		w, err := z.Create(name)
		must(t, err)
		_, err = io.WriteString(w, text)
		must(t, err)
	}
	must(t, z.Close())
	return out.Bytes()
}

func header(names ...string) func([]string) bool {
	return func(cells []string) bool {
		return strings.Join(cells, ",") == strings.Join(names, ",")
	}
}
