package ingest

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gttim/cauce/data"
	"github.com/gttim/cauce/ingest/gate/cell"
	"github.com/gttim/cauce/ingest/ingesttest"
	"github.com/gttim/cauce/ingest/problems"
	"github.com/gttim/cauce/internal/warehouse"
	"github.com/xuri/excelize/v2"
)

func TestProblemReport(t *testing.T) {
	b := newJob(t, ingesttest.Declarations(t, nil))
	content := "mes,entidad,eventos,texto\n" +
		"1,=cmd|' /C calc'!A0,5,a\n2,</script><img onerror=alert(1)>,5,b\n3,@SUM(1),x,c\n4,Chapas,5,d\n" +
		strings.ReplaceAll(partEvents()[len(head):], "\n", ",\n")
	res := b.run(b.drop("prueba-eventos", "<b>reporte.csv", content))
	if res.Outcome != warehouse.Partial || res.Load.Quarantined != 5 {
		t.Fatalf("result %+v", res)
	}
	base := "done/prueba-eventos/" + strings.TrimPrefix(res.MovedTo, "done/prueba-eventos/")
	page, err := os.ReadFile(b.Home.Path(base + reportHTML))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{res.Report.SHA256, "R020", "¿quiso decir «Chiapas»?", "Área de datos de la agencia", "corrige: 1", "entidad", "12 sin problema, 5 con problemas", "y no cuentan en ninguna cifra hasta que se corrijan"} {
		if !bytes.Contains(page, []byte(want)) {
			t.Errorf("the page does not say %q", want)
		}
	}
	for _, never := range []string{"</script>", "<img", "<b>", "http:", "https:", "src="} {
		if bytes.Contains(page, []byte(never)) {
			t.Errorf("the page holds %q", never)
		}
	}
	book, err := excelize.OpenFile(b.Home.Path(base + reportXLSX))
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	listed, err := book.GetRows("Problemas")
	if err != nil || len(listed) != len(res.Problems)+1 || listed[1][4] != "'=cmd|' /C calc'!A0" {
		t.Errorf("workbook of problems: %v %q", err, listed)
	}
	if kind, err := book.GetCellType("Problemas", "B2"); err != nil || kind != excelize.CellTypeUnset || listed[1][1] != "2" {
		t.Errorf("the line is %q of type %d (%v), want a number", listed[1][1], kind, err)
	}
	for _, cell := range []string{"E2", "E4"} {
		if formula, err := book.GetCellFormula("Problemas", cell); err != nil || formula != "" {
			t.Errorf("%s runs %q: %v", cell, formula, err)
		}
	}
	table, err := os.ReadFile(b.Home.Path(base + reportCSV))
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(table, []byte("\ufeff")))).ReadAll()
	if err != nil || len(rows) != 1+res.ProblemCount {
		t.Fatalf("%d rows: %v", len(rows), err)
	}
	if rows[1][4] != "'=cmd|' /C calc'!A0" || rows[3][4] != "'@SUM(1)" {
		t.Errorf("formulas are not guarded: %q, %q", rows[1][4], rows[3][4])
	}
}

// What a pattern of the contract asks for is told in words, beside the value and in the
// list of columns.
func TestProblemReport_patternInWords(t *testing.T) {
	b := newJob(t, ingesttest.Declarations(t, nil))
	res := b.run(b.drop("prueba-registro", "registro.csv", "folio,fecha,entidad,edad\nABC-0001,2024-01-01,Chiapas,20\nabc 2,2024-01-01,Chiapas,20\n"))
	const want = `R018 no tiene la forma que pide el contrato (se espera tres mayúsculas, un guion y de 4 a 12 dígitos, como «ABC-0001»)`
	if len(res.Problems) != 1 || !strings.HasSuffix(res.Problems[0].String(), want) {
		t.Fatalf("problems %v", res.Problems)
	}
	page, err := os.ReadFile(b.Home.Path(res.MovedTo + reportHTML))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(page, []byte("<td>texto: tres mayúsculas, un guion y de 4 a 12 dígitos</td>")) || bytes.Contains(page, []byte("[A-Z]")) {
		t.Error("the page's list of columns does not say the form in words")
	}
	if want := "<td><code>abc 2</code></td><td><code>ABC-0001</code></td>"; !bytes.Contains(page, []byte(want)) {
		t.Error("the rule is not shown by what was delivered and by its column's example")
	}
}

// A file refused for its header is shown its own dataset's.
func TestProblemReport_ownHeader(t *testing.T) {
	b := newJob(t, ingesttest.Declarations(t, nil))
	res := b.run(b.drop("prueba-registro", "registro.csv", "folio,fecha,entidad\nABC-0001,2024-01-01,Chiapas\n"))
	page, err := os.ReadFile(b.Home.Path(res.MovedTo + reportHTML))
	if err != nil {
		t.Fatal(err)
	}
	if want := "<td><code>fecha,entidad,edad</code></td><td><code>folio,fecha,entidad,edad</code></td>"; !bytes.Contains(page, []byte(want)) || bytes.Contains(page, []byte("anio,mes,eventos")) {
		t.Errorf("lacks %q", want)
	}
}

// Whoever comes after a load is told before its problems are written out, and when they are.
func TestProved(t *testing.T) {
	b := newJob(t, ingesttest.Declarations(t, nil))
	var told []string
	b.Proved = func() func() {
		told = append(told, fmt.Sprint(b.count("SELECT count(*) FROM ledger.loads"), " loaded"))
		return func() {
			done, err := filepath.Glob(b.Home.Path("done/prueba-eventos/*" + reportHTML))
			told = append(told, fmt.Sprint(len(done), " written ", err))
		}
	}
	b.run(b.drop("prueba-eventos", "limpio.csv", head+"1,Chiapas,5\n"))
	b.run(b.drop("prueba-eventos", "rechazado.csv", "uno,dos\n1,2\n"))
	b.run(b.drop("prueba-eventos", "parcial.csv", partEvents()))
	if got, want := strings.Join(told, ", "), "3 loaded, 1 written <nil>"; got != want {
		t.Errorf("told %q, want %q", got, want)
	}
}

// One row is spoken of as one.
func TestProblemReport_oneRow(t *testing.T) {
	b := newJob(t, ingesttest.Declarations(t, nil))
	res := b.run(b.drop("prueba-eventos", "uno.csv", partEvents()))
	if res.Load.Quarantined != 1 {
		t.Fatalf("result %+v", res)
	}
	page, err := os.ReadFile(b.Home.Path("done/prueba-eventos/" + strings.TrimPrefix(res.MovedTo, "done/prueba-eventos/") + reportHTML))
	if err != nil {
		t.Fatal(err)
	}
	if want := "1 quedó en cuarentena</strong> y no cuenta en ninguna cifra hasta que se corrija."; !bytes.Contains(page, []byte(want)) {
		t.Errorf("the page does not say %q", want)
	}
}

// Texts of a restricted dataset are in the quarantined row and nowhere else.
func TestRestrictedTextsAreNotRepeated(t *testing.T) {
	contract := strings.Replace(ingesttest.Register, "max: 120}", "max: 120}\n  - {name: nombre, type: texto, pattern: \"[A-Z]+\", form: solo mayúsculas, example: ANA}", 1)
	files := ingesttest.Files(map[string]string{"prueba-personas": contract})
	at := "datasets/prueba-personas/contract.yml"
	files[at].Data = bytes.Replace(files[at].Data, []byte("class: publica"), []byte("class: restringida"), 1)
	decls, err := data.LoadFS(files, nil)
	if err != nil {
		t.Fatal(err)
	}
	b := newJob(t, decls)
	const header, secret = "folio,fecha,entidad,edad,nombre\n", "fulana de tal"
	for name, content := range map[string]string{
		"parte.csv":     header + "UPM-0001,2024-01-31,7,5,ANA\nUPM-0002,2024-01-31,7,5," + secret + "\n",
		"corrida.csv":   header + "UPM-0001,2024-01-31,7,5,ANA\nUPM-0002," + secret + "," + secret + "," + secret + ",ANA\n",
		"ancha.csv":     header + "UPM-0001,2024-01-31,7,5,ANA\nUPM-0002,2024-01-31,7,5,\"" + secret + "\"x\n",
		"abierta.csv":   header + "UPM-0001,2024-01-31,7,5,\"" + secret + "\n",
		"sin-nada.csv":  "UPM-0001,2024-01-31,7,5," + secret + "\n",
		"separador.csv": strings.ReplaceAll(header+"UPM-0001,2024-01-31,7,5,"+secret+"\n", ",", ";"),
	} {
		res := b.run(b.drop("prueba-personas", name, content))
		if res.ProblemCount == 0 {
			t.Errorf("%s: no problem", name)
		}
		for _, p := range res.Problems {
			if strings.Contains(fmt.Sprintf("%+v %s", p, p), secret) {
				t.Errorf("%s: problem %s", name, p)
			}
		}
		for _, suffix := range []string{reportHTML, reportCSV} {
			text, err := os.ReadFile(b.Home.Path(res.MovedTo + suffix))
			if err != nil {
				t.Fatal(err)
			}
			if bytes.Contains(text, []byte(secret)) || bytes.Contains(text, []byte("<code>fulana")) {
				t.Errorf("%s%s repeats the text", name, suffix)
			}
			if name == "parte.csv" && !bytes.Contains(text, []byte(data.Hidden)) {
				t.Errorf("%s%s does not say that there is a text", name, suffix)
			}
		}
	}
	if strings.Contains(b.log.String(), secret) {
		t.Error("the log repeats the text")
	}
	if n := b.count(`SELECT count(*) FROM ledger.problems WHERE contains(value || message || hint, ?)`, secret); n != 0 {
		t.Errorf("%d problems repeat the text", n)
	}
	if n := b.count(`SELECT count(*) FROM ledger.quarantine WHERE contains(content, ?)`, secret); n < 3 {
		t.Errorf("%d quarantined rows are as delivered", n)
	}
}

// Refused files from outside the inbox stay, and a copy lies beside the report.
func TestRefusedFromElsewhere(t *testing.T) {
	b := newJob(t, ingesttest.Declarations(t, nil))
	path := t.TempDir() + "/fuera.csv"
	if err := os.WriteFile(path, []byte("nada de nada\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	res := b.run(Delivery{Path: path, Dataset: "prueba-eventos"})
	got, err := os.ReadFile(b.Home.Path("refused/prueba-eventos/000001-fuera.csv"))
	if err != nil || string(got) != "nada de nada\n" || res.MovedTo != "" {
		t.Errorf("copy %q: %v", got, err)
	}
	if _, err := os.Stat(path); err != nil {
		t.Errorf("the file did not stay: %v", err)
	}
	page, err := os.ReadFile(b.Home.Path("refused/prueba-eventos/000001-fuera.csv" + reportHTML))
	if err != nil || !bytes.Contains(page, []byte("<dt>Filas</dt><dd>no se leyó ninguna")) || bytes.Contains(page, []byte("0 sin problema")) {
		t.Errorf("rows that nobody read are counted (%v)", err)
	}
}

// Fault 42: all problems of a refused file are in the ledger and the table; the
// result carries the first.
func TestAllProblemsAreKept(t *testing.T) {
	b := newJob(t, ingesttest.Declarations(t, nil))
	const n = 60_000 // more than stays in memory
	var text strings.Builder
	text.WriteString(head)
	for i := range n {
		fmt.Fprintf(&text, "%d,Chiapas,x%d\n", i%12+1, i)
	}
	res := b.run(b.drop("prueba-eventos", "todo.csv", text.String()))
	if res.Outcome != warehouse.Refused || res.ProblemCount != n+1 || len(res.Problems) != DefaultLimits().Shown || res.Load.Quarantined != n {
		t.Errorf("result %+v", res.Load)
	}
	if got := b.count(`SELECT count(DISTINCT problem_no) FROM ledger.problems WHERE load_id = 1`); got != n+1 {
		t.Errorf("%d problems in the ledger", got)
	}
	if res.Load.Reason != fmt.Sprintf("R030 umbral 5 %%, se encontró 100 %%: %d de %d filas tienen problemas", n, n) {
		t.Errorf("reason %q", res.Load.Reason)
	}
	left, err := os.ReadDir(b.Home.Path("tmp"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range left {
		if strings.HasPrefix(f.Name(), "spill") {
			t.Errorf("%s is left in tmp", f.Name())
		}
	}
}

func TestRulesTable(t *testing.T) {
	last := ""
	for _, r := range data.Rules() {
		if r.ID <= last || r.Text == "" || r.Expected == "" || r.Bad == "" || r.Good == "" {
			t.Errorf("rule %+v", r)
		}
		last = r.ID
	}
}

func FuzzProblem(f *testing.F) {
	f.Add("a.csv", "col", "=1+1", "R014")
	f.Add("../\n", "\u202e", strings.Repeat("\u0310", 200), "\x00")
	f.Add("\xff", "\"", "</script>", "")
	f.Fuzz(func(t *testing.T, file, field, value, message string) {
		p := data.Problem{File: file, Line: 3, Column: 2, Field: field, Value: value, Rule: "R014", Message: "no es un número entero"}
		line := p.String()
		for _, r := range line {
			if r < 0x20 || cell.Invisible(r, 0) && r != 0x200d {
				t.Fatalf("line %q holds U+%04X", line, r)
			}
		}
		if n := strings.Count(line, ""); n > 12*(3*data.MaxShownValue)+400 {
			t.Fatalf("line of %d characters", n)
		}
		var out bytes.Buffer
		p.Message = message
		if err := problems.CSV(&out, file, func(fn func([]data.Problem) error) error { return fn([]data.Problem{p}) }); err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(out.Bytes(), []byte("\ufeff")))).ReadAll()
		if err != nil || len(rows) != 2 || len(rows[1]) != 10 {
			t.Fatalf("table %q: %v", out.String(), err)
		}
		for _, cell := range rows[1] {
			if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
				t.Fatalf("cell %q runs as a formula", cell)
			}
		}
	})
}
