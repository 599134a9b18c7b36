package acceptance

import (
	"archive/zip"
	"bufio"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// memoryLimit is the documented one of a process that loads: --max-memory.
const memoryLimit = 512_000_000

const registerHead = "folio,fecha,entidad,municipio,nacionalidad,sexo,edad,condicion,acompanamiento\n"

func registerRow(i int, municipio string) string {
	return fmt.Sprintf("UPM-2024-%07d,2024-01-31,7,%s,HND,mujer,30,presentado,no_aplica\n", i, municipio)
}

// Files made to cost memory or time: each ends within the process's memory limit
// with the exit code that its fault has, and nothing of it is loaded. (Faults 12,
// 39, 40, 42, 60 on the program itself.)
func TestHostileFiles(t *testing.T) {
	home := mustBlank(t)
	dir := t.TempDir()
	for _, c := range []struct {
		name, dataset string
		code          int
		says          string // in what the program prints
		write         func(w *bufio.Writer)
	}{
		{"cells-of-3-MB.csv", "upmrip-eventos-registro", 4, "R026", func(w *bufio.Writer) {
			for i := range 20 {
				w.WriteString(registerRow(i, strings.Repeat("y", 3_000_000)))
			}
		}},
		{"cells-just-short-enough.csv", "upmrip-eventos-registro", 4, "R013", func(w *bufio.Writer) {
			for i := range 2000 {
				w.WriteString(registerRow(i, fmt.Sprint(i)+strings.Repeat("y", 60_000)))
			}
		}},
		{"millions-of-cells.csv", "upmrip-eventos-registro", 4, "R031", func(w *bufio.Writer) {
			for range 3 {
				w.WriteString(strings.Repeat(",", 8_000_000) + "\n")
			}
		}},
		{"distinct-values.csv", "upmrip-eventos-registro", 4, "R013 las columnas de texto repetido", func(w *bufio.Writer) {
			for i := range 600_000 {
				w.WriteString(registerRow(i, fmt.Sprint("municipio ", i)))
			}
		}},
		{"one-row-again-and-again.csv", "upmrip-eventos-registro", 4, "R013 399999 filas tienen la clave de otra", func(w *bufio.Writer) {
			for range 400_000 {
				w.WriteString(registerRow(1, "x"))
			}
		}},
		{"blank-lines.csv", "upmrip-eventos-registro", 4, "R013 el archivo tiene 20000001 líneas", func(w *bufio.Writer) {
			for range 20 {
				w.WriteString(strings.Repeat("\n", 1_000_000))
			}
		}},
		{"nothing-but-problems.csv", "upmrip-eventos-registro", 4, "R013 el archivo tiene más de 500000 problemas", func(w *bufio.Writer) {
			w.WriteString(strings.Repeat("x\n", 600_000))
		}},
		{"a-quote-that-does-not-close.csv", "upmrip-eventos-registro", 4, "R013 un registro rebasa", func(w *bufio.Writer) {
			w.WriteString(`"`)
			for range 10 {
				w.WriteString(strings.Repeat("a,b\n", 1_000_000))
			}
		}},
		{"combining-marks.csv", "upmrip-eventos-registro", 4, "R026", func(w *bufio.Writer) {
			w.WriteString(registerRow(1, "a"+strings.Repeat("\u0310", 500_000)))
		}},
		{"20000-columns.csv", "upmrip-eventos-registro", 4, "R013 el encabezado tiene 20000 columnas", func(w *bufio.Writer) {
			for range 500 {
				w.WriteString(strings.Repeat("c,", 19_999) + "c\n")
			}
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := filepath.Join(dir, c.name)
			f, err := os.Create(path)
			if err != nil {
				t.Fatal(err)
			}
			w := bufio.NewWriter(f)
			if !strings.HasPrefix(c.name, "20000") {
				w.WriteString(registerHead)
			}
			c.write(w)
			if err := w.Flush(); err != nil {
				t.Fatal(err)
			}
			if err := f.Close(); err != nil {
				t.Fatal(err)
			}
			hostile(t, home, c.dataset, path, c.code, c.says)
		})
	}
	cauce(t, 0, "verify", "--dir", home)
}

// hostile loads a file and holds its exit code, what is said and the peak of memory.
func hostile(t *testing.T, home, dataset, path string, code int, says string) {
	t.Helper()
	got := run(t, nil, "ingest", "--dir", home, "--dataset", dataset, path)
	if got.code != code || !strings.Contains(got.stdout+got.stderr, says) {
		t.Errorf("exit %d, want %d and %q: %.2000s%.2000s", got.code, code, says, got.stdout, got.stderr)
	}
	if got.peak > memoryLimit {
		t.Errorf("%d MB of memory", got.peak/1e6)
	}
	t.Logf("peak %d MB", got.peak/1e6)
	if err := os.Remove(path); err != nil {
		t.Error(err)
	}
}

// Fault 12: workbooks that unpack to far more than they are.
func TestHostileWorkbooks(t *testing.T) {
	home := mustBlank(t)
	declared := t.TempDir()
	if err := os.CopyFS(declared, os.DirFS("../internal/pipeline/testdata/puestos")); err != nil {
		t.Fatal(err)
	}
	const id = "oim-puestos-prueba"
	contract := filepath.Join(declared, "datasets", id, "contract.yml")
	text, err := os.ReadFile(contract)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(contract, append(text, "workbook: {}\n"...), 0o600); err != nil {
		t.Fatal(err)
	}
	head := `<worksheet><sheetData><row r="1">` + textCell("A1", "fecha") + textCell("B1", "entidad") + textCell("C1", "puestos") + `</row>`
	const end = `</sheetData></worksheet>`
	for name, c := range map[string]struct{ sheet, strings []piece }{
		"spaces.xlsx":  {[]piece{{head, 1}, {" ", 300 << 20}, {end, 1}}, nil},
		"row.xlsx":     {[]piece{{head, 1}, {`<row r="2"><c r="A2" t="str"><v>`, 1}, {"x", 100 << 20}, {`</v></c></row>` + end, 1}}, nil},
		"strings.xlsx": {[]piece{{head + end, 1}}, []piece{{"<sst>", 1}, {"<si><t>diez letra</t></si>", 8_000_000}, {"</sst>", 1}}},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), name)
			writeWorkbook(t, path, c.sheet, c.strings)
			got := run(t, nil, "ingest", "--dir", home, "--declarations", declared, "--dataset", id, path)
			if got.code != 4 || !strings.Contains(got.stdout, "R043") || got.peak > memoryLimit {
				t.Errorf("exit %d, %d MB: %.2000s%.2000s", got.code, got.peak/1e6, got.stdout, got.stderr)
			}
		})
	}
}

func textCell(ref, text string) string {
	return `<c r="` + ref + `" t="str"><v>` + text + `</v></c>`
}

// piece is a text so many times.
type piece struct {
	text  string
	times int
}

// writeWorkbook writes a workbook with one sheet. Its parts are written piece by
// piece: what the test holds would count as the program's own memory.
func writeWorkbook(tb testing.TB, path string, sheet, shared []piece) {
	tb.Helper()
	const kinds = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
	if shared == nil {
		shared = []piece{{"<sst/>", 1}}
	}
	f, err := os.Create(path)
	if err != nil {
		tb.Fatal(err)
	}
	z := zip.NewWriter(f)
	for name, pieces := range map[string][]piece{
		"[Content_Types].xml": {{"<Types/>", 1}},
		"_rels/.rels":         {{`<Relationships><Relationship Id="a" Type="` + kinds + `officeDocument" Target="xl/workbook.xml"/></Relationships>`, 1}},
		"xl/workbook.xml":     {{`<workbook xmlns:r="` + strings.TrimSuffix(kinds, "/") + `"><sheets><sheet name="Datos" r:id="b"/></sheets></workbook>`, 1}},
		"xl/_rels/workbook.xml.rels": {{`<Relationships><Relationship Id="b" Type="` + kinds + `worksheet" Target="worksheets/sheet1.xml"/>` +
			`<Relationship Id="c" Type="` + kinds + `sharedStrings" Target="sharedStrings.xml"/></Relationships>`, 1}},
		"xl/worksheets/sheet1.xml": sheet,
		"xl/sharedStrings.xml":     shared,
	} {
		w, err := z.Create(name)
		if err != nil {
			tb.Fatal(err)
		}
		b := bufio.NewWriter(w)
		for _, p := range pieces {
			for range p.times {
				b.WriteString(p.text)
			}
		}
		if err := b.Flush(); err != nil {
			tb.Fatal(err)
		}
	}
	if err := errors.Join(z.Close(), f.Close()); err != nil {
		tb.Fatal(err)
	}
}

// Each limit is a setting: a smaller one refuses or stops what the default lets
// pass, says which limit it was, and leaves nothing half done.
func TestLimitsAreSettings(t *testing.T) {
	home := mustBlank(t)
	const bad = "2025-13-30,x,305,300,2025-10-05,Minuta\n"
	head := "fecha_corte,reuniones,acuerdos,acuerdos_cumplidos,publicado_en,fuente\n"
	row := func(day int, source string) string {
		return fmt.Sprintf("2025-09-%02d,80,305,300,2025-10-05,%s\n", day, source)
	}
	for _, c := range []struct {
		flag, text string
		code       int
		says       string
	}{
		{"--max-file=100", head + row(1, "a") + row(2, "b"), 4, "R013 el archivo rebasa el tamaño admitido de 100 bytes"},
		{"--max-cell=20", head + row(3, "a") + row(4, strings.Repeat("f", 21)), 3, "R026"},
		{"--max-record=100KB", head + row(5, "a") + `2025-09-06,80,305,300,2025-10-05,"` + strings.Repeat("f", 2_000_000) + "\n", 4, "R013 un registro rebasa 100000 bytes"},
		{"--max-columns=5", head + row(7, "a"), 4, "R013 el encabezado tiene 6 columnas; se admiten hasta 5"},
		{"--max-lines=3", head + row(8, "a") + row(9, "b") + row(10, "c"), 4, "R013 el archivo tiene 4 líneas; se admiten hasta 3"},
		{"--max-problems=3", head + row(11, "a") + bad + bad + bad, 4, "R013 el archivo tiene más de 3 problemas"},
		{"--max-repeated=1", head + row(12, "a") + row(12, "b") + row(12, "c"), 4, "R013 2 filas tienen la clave de otra; se admiten hasta 1"},
		{"--max-memory=20MB", head + row(13, "a"), 1, "more than --max-memory 20MB"},
		{"--max-time=1ns", head + row(14, "a"), 1, "longer than --max-time 1ns"},
		{"--max-time=0", head + row(15, "a"), 2, "not positive"},
		{"--max-columns=100000", head + row(15, "a"), 2, "--max-columns"},
		{"--max-file=much", head + row(15, "a"), 2, "is not a size"},
		{"--max-file=1KiB", head + row(15, "a"), 0, "1 aceptados"},
	} {
		t.Run(c.flag, func(t *testing.T) {
			path := mustWrite(t, t.TempDir(), "mesa.csv", c.text)
			got := run(t, nil, "ingest", "--dir", home, "--dataset", mesa, "--published", "2025-10-05", c.flag, path)
			if got.code != c.code || !strings.Contains(got.stdout+got.stderr, c.says) {
				t.Errorf("exit %d, want %d and %q\n%s%s", got.code, c.code, c.says, got.stdout, got.stderr)
			}
		})
	}
	// In the environment a limit holds for the loads of serve as well.
	got := run(t, []string{"CAUCE_MAX_COLUMNS=5"}, "ingest", "--dir", home, "--dataset", mesa, mustWrite(t, t.TempDir(), "otra.csv", head+row(16, "a")))
	if got.code != 4 {
		t.Errorf("exit %d: %s", got.code, got.stderr)
	}
	cauce(t, 0, "verify", "--dir", home)
}
