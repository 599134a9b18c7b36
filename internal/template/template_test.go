package template_test

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/gttim/cauce/data"
	"github.com/gttim/cauce/ingest/xlsx"
	"github.com/gttim/cauce/internal/cli"
	"github.com/gttim/cauce/internal/template"
	"github.com/xuri/excelize/v2"
)

func declared(t *testing.T) *data.Declarations {
	t.Helper()
	d, err := data.Load("")
	must(t, err)
	return d
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func workbook(t *testing.T, d *data.Declarations, ds *data.Dataset) *excelize.File {
	t.Helper()
	var out bytes.Buffer
	must(t, template.XLSX(&out, ds, d.Reference))
	f, err := excelize.OpenReader(&out)
	must(t, err)
	t.Cleanup(func() { f.Close() })
	return f
}

// names are the columns that a file of the dataset has.
func names(ds *data.Dataset) []string {
	var out []string
	for _, c := range ds.Columns {
		out = append(out, c.Name)
	}
	if ds.Wide != nil {
		out = append(out, ds.Wide.Months...)
	}
	return out
}

// told are the names that the guide says; of a table, whose months share a line, not
// each month.
func told(ds *data.Dataset) []string {
	if ds.Hierarchy == nil {
		return names(ds)
	}
	var out []string
	for _, c := range ds.Columns {
		out = append(out, c.Name)
	}
	return append(out, ds.Hierarchy.Sum[0], ds.Hierarchy.Parts.Columns[0].Headers[0], ds.Hierarchy.Total[0])
}

func TestCSV(t *testing.T) {
	for _, ds := range declared(t).Datasets {
		if ds.Hierarchy != nil {
			continue // TestTable
		}
		var out bytes.Buffer
		must(t, template.CSV(&out, ds))
		if got, want := out.String(), "\ufeff"+strings.Join(names(ds), ds.Delimiter)+"\r\n"; got != want {
			t.Errorf("%s: %q, want %q", ds.ID, got, want)
		}
	}
	ds := &data.Dataset{Contract: data.Contract{Encoding: "windows-1252", Delimiter: ";", Columns: []data.Column{{Name: "a"}, {Name: "b"}},
		Wide: &data.Wide{Months: []string{"AÑO"}}}}
	var out bytes.Buffer
	must(t, template.CSV(&out, ds))
	if out.String() != "a;b;A\xd1O\r\n" {
		t.Errorf("%q", out.String())
	}
}

// Every dataset's workbook opens again, with its header frozen, its lists by
// reference to a hidden sheet, and the guide.
func TestXLSX(t *testing.T) {
	d := declared(t)
	for _, ds := range d.Datasets {
		f := workbook(t, d, ds)
		if ds.Hierarchy != nil {
			continue // TestTable
		}
		rows, err := f.GetRows("Datos")
		must(t, err)
		if len(rows) != 1 || !slices.Equal(rows[0], names(ds)) {
			t.Errorf("%s: rows %q", ds.ID, rows)
		}
		panes, err := f.GetPanes("Datos")
		must(t, err)
		visible, err := f.GetSheetVisible("Catálogos")
		must(t, err)
		if !panes.Freeze || panes.YSplit != 1 || visible || f.GetSheetName(f.GetActiveSheetIndex()) != "Datos" {
			t.Errorf("%s: panes %+v, lists visible %v", ds.ID, panes, visible)
		}
		lists := dropDowns(t, f)
		for i, c := range ds.Columns {
			letter, err := excelize.ColumnNumberToName(i + 1)
			must(t, err)
			got, ok := lists[letter]
			if ok != (c.Type == data.TypeCatalog) {
				t.Errorf("%s: column %s has a list: %v", ds.ID, c.Name, ok)
			}
			for _, value := range got {
				if _, ok := d.Reference[c.Catalog].Code(value); !ok || !c.Regexp().MatchString(value) {
					t.Errorf("%s: the list of %s offers %q, which is refused", ds.ID, c.Name, value)
				}
			}
			if c.Type == data.TypeCatalog && len(got) == 0 {
				t.Errorf("%s: the list of %s is empty", ds.ID, c.Name)
			}
		}
		guide, err := f.GetRows("Guía")
		must(t, err)
		text := fmt.Sprint(guide)
		for _, want := range append(told(ds), ds.ID, ds.Producer, ds.Contact, ds.Columns[0].Text) {
			if !strings.Contains(text, want) {
				t.Errorf("%s: the guide does not say %q", ds.ID, want)
			}
		}
	}
}

var reference = regexp.MustCompile(`^'Catálogos'!\$([A-Z]+)\$2:\$[A-Z]+\$(\d+)$`)

// dropDowns are the values that each column's list offers, by the column's
// letter.
func dropDowns(t *testing.T, f *excelize.File) map[string][]string {
	t.Helper()
	rules, err := f.GetDataValidations("Datos")
	must(t, err)
	out := map[string][]string{}
	for _, v := range rules {
		m := reference.FindStringSubmatch(v.Formula1)
		if v.Type != "list" || m == nil {
			continue
		}
		letter, _, _ := strings.Cut(v.Sqref, "2:")
		last, err := strconv.Atoi(m[2])
		must(t, err)
		for row := 2; row <= last; row++ {
			value, err := f.GetCellValue("Catálogos", m[1]+strconv.Itoa(row))
			must(t, err)
			out[letter] = append(out[letter], value)
		}
	}
	return out
}

// The same declarations give the same bytes, so that a template can be compared.
func TestXLSX_sameBytes(t *testing.T) {
	d := declared(t)
	var a, b bytes.Buffer
	must(t, template.XLSX(&a, d.Datasets[0], d.Reference))
	must(t, template.XLSX(&b, d.Datasets[0], d.Reference))
	if !bytes.Equal(a.Bytes(), b.Bytes()) {
		t.Error("two templates differ")
	}
}

func TestGuide(t *testing.T) {
	d := declared(t)
	examples := 0
	defer func() {
		if examples < 20 {
			t.Errorf("%d rules of all datasets have an example", examples)
		}
	}()
	for _, ds := range d.Datasets {
		var out bytes.Buffer
		must(t, template.Guide(&out, ds, d.Reference))
		want := append(told(ds), ds.Producer, ds.Contact, "cauce check ARCHIVO --dataset "+ds.ID)
		for _, r := range ds.StandardRules() {
			want = append(want, r.ID+" "+r.Text)
			if r.Bad != "" {
				want = append(want, "mal:  "+r.Bad)
			}
			if r.Good != "" {
				want = append(want, "bien: "+r.Good)
			}
		}
		for _, c := range ds.Columns {
			want = append(want, c.Text, "ejemplo: "+c.Example)
		}
		for _, w := range want {
			if !strings.Contains(out.String(), w) {
				t.Errorf("%s: the guide does not say %q", ds.ID, w)
			}
		}
		for _, r := range ds.Rules {
			_, after, ok := strings.Cut(out.String(), "\n  "+r.ID+" "+r.Text)
			rule, _, _ := strings.Cut(after, "\n\n")
			// A rule that no single line breaks has no example of either kind.
			if !ok || strings.Contains(rule, "mal:  ") != strings.Contains(rule, "bien: ") || strings.Contains(rule, "mal:  \n") {
				t.Errorf("%s: the examples of rule %s: %q", ds.ID, r.ID, rule)
			}
			examples += strings.Count(rule, "mal:  ")
		}
	}
}

// Whoever fills a file in reads words where the contract has a pattern of its own; the
// pattern itself stands apart in the guide, and in no workbook.
func TestPatternsInWords(t *testing.T) {
	d := declared(t)
	seen := 0
	for _, ds := range d.Datasets {
		var out bytes.Buffer
		must(t, template.Guide(&out, ds, d.Reference))
		words, programs, _ := strings.Cut(out.String(), "PARA PROGRAMAS")
		f := workbook(t, d, ds)
		guide, err := f.GetRows("Guía")
		must(t, err)
		rules, err := f.GetDataValidations("Datos")
		must(t, err)
		sheets := fmt.Sprint(guide)
		for _, v := range rules {
			for _, s := range []*string{v.Prompt, v.Error} {
				if s != nil {
					sheets += *s
				}
			}
		}
		for i, c := range template.Describe(ds, d.Reference).Columns {
			if c.Pattern == "" {
				continue
			}
			seen++
			form := ds.Columns[i].Form
			if !strings.Contains(words, form) || !strings.Contains(sheets, form) || !strings.Contains(c.Kind, form) {
				t.Errorf("%s.%s: no guide says %q", ds.ID, c.Name, form)
			}
			if strings.Contains(words, c.Pattern) || strings.Contains(sheets, c.Pattern) || strings.Contains(c.Kind, c.Pattern) {
				t.Errorf("%s.%s: %q stands among the words", ds.ID, c.Name, c.Pattern)
			}
			if !strings.Contains(programs, "  "+c.Name+"  "+c.Pattern+"\n") {
				t.Errorf("%s.%s: %q is not told to programs", ds.ID, c.Name, c.Pattern)
			}
		}
	}
	if seen < 10 {
		t.Errorf("%d columns have a pattern of their own", seen)
	}
}

// A template filled in as people type, exported to CSV, loads without a problem.
func TestFilledTemplateLoads(t *testing.T) {
	d := declared(t)
	dir := t.TempDir()
	for _, ds := range d.Datasets {
		if ds.Hierarchy != nil {
			continue // TestTable
		}
		f := workbook(t, d, ds)
		fill(t, f, ds)
		name := filepath.Join(dir, ds.ID+".xlsx")
		must(t, f.SaveAs(name))
		want := delivered(t, ds)
		got := export(t, name, names(ds))
		if fmt.Sprint(got[1:]) != fmt.Sprint(want[1:]) {
			t.Errorf("%s: exported\n%q\nwant\n%q", ds.ID, got[1:], want[1:])
		}
		var text bytes.Buffer
		must(t, csv.NewWriter(&text).WriteAll(got))
		file := filepath.Join(dir, ds.ID+".csv")
		must(t, os.WriteFile(file, text.Bytes(), 0o600))
		if ds.ID != "upmrip-eventos" && ds.ID != "sspc-mesa-acuerdos" && ds.ID != "sesnsp-fuero-federal" {
			continue // their cells are those of ok.csv, which the declared tests load
		}
		var stdout, stderr bytes.Buffer
		for _, delivery := range []string{name, file} { // the workbook itself, where it is taken, and its CSV
			if delivery == name && ds.Workbook == nil {
				continue
			}
			stdout.Reset()
			stderr.Reset()
			args := []string{"ingest", "--dir", filepath.Join(dir, "home"), "--again", "--dataset", ds.ID, "--published", "2031", delivery}
			if code := cli.Run("test", args, &stdout, &stderr); code != 0 {
				t.Errorf("%s: exit %d\n%s%s", filepath.Base(delivery), code, &stdout, &stderr)
			}
		}
	}
}

// delivered are the records of the dataset's sound test file, with the
// template's header and without empty cells at the end.
func delivered(t *testing.T, ds *data.Dataset) [][]string {
	t.Helper()
	b, err := fs.ReadFile(ds.Dir, "testdata/ok.csv")
	must(t, err)
	if !bytes.Contains(b, []byte("ó")) && bytes.ContainsRune(b, '\uFFFD') {
		b = bytes.ReplaceAll(b, []byte("A\xd1O"), []byte("AÑO"))
	}
	r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(b, []byte("\ufeff"))))
	rows, err := r.ReadAll()
	must(t, err)
	at := make([]int, len(rows[0])) // the template's column of each
	for i, h := range rows[0] {
		for k, c := range ds.Columns {
			if data.Fold(h) == data.Fold(c.Name) || slices.Contains(c.Headers, strings.ToValidUTF8(h, "Ñ")) {
				at[i] = k
			}
		}
		if ds.Wide != nil {
			if k := slices.Index(ds.Wide.Months, h); k >= 0 {
				at[i] = len(ds.Columns) + k
			}
		}
	}
	out := [][]string{names(ds)}
	for _, row := range rows[1:] {
		cells := make([]string, len(out[0]))
		for i, s := range row {
			cells[at[i]] = s
		}
		out = append(out, cells)
	}
	return out
}

// fill types the records into the sheet: numbers as numbers, days as days.
func fill(t *testing.T, f *excelize.File, ds *data.Dataset) {
	t.Helper()
	types := map[string]data.ColumnType{}
	for _, c := range ds.Columns {
		types[c.Name] = c.Type
	}
	records := delivered(t, ds)
	for i, row := range records[1:] {
		for k, s := range row {
			cell, err := excelize.CoordinatesToCellName(k+1, i+2)
			must(t, err)
			kind := types[records[0][k]]
			if kind == "" {
				kind = data.TypeInteger // a month of a wide file
			}
			var value any = s
			if n, err := strconv.ParseFloat(s, 64); err == nil && (kind == data.TypeInteger || kind == data.TypeDecimal || kind == data.TypeBool) && strconv.FormatFloat(n, 'f', -1, 64) == s {
				value = n
			}
			letter, err := excelize.ColumnNumberToName(k + 1)
			must(t, err)
			style, err := f.GetColStyle("Datos", letter)
			must(t, err)
			if day, err := time.Parse(time.DateOnly, s); err == nil && kind == data.TypeDate {
				value = day
			}
			if s != "" {
				must(t, f.SetCellValue("Datos", cell, value))
				must(t, f.SetCellStyle("Datos", cell, cell, style))
			}
		}
	}
}

// export reads the sheet as a spreadsheet would write it into a CSV.
func export(t *testing.T, name string, header []string) [][]string {
	t.Helper()
	r, err := xlsx.Open(name, xlsx.Options{Header: func(cells []string) bool { return slices.Equal(cells, header) }})
	must(t, err)
	defer r.Close()
	if info := r.Info(); info.Sheet != "Datos" || info.Header != 1 || len(info.Also) > 0 {
		t.Errorf("%s: %+v", name, info)
	}
	var out [][]string
	for {
		_, cells, err := r.Next()
		if errors.Is(err, io.EOF) {
			return out
		}
		must(t, err)
		row := make([]string, len(header))
		copy(row, cells)
		out = append(out, row)
		if len(r.Faults()) > 0 {
			t.Errorf("%s: faults %v", name, r.Faults())
		}
	}
}
