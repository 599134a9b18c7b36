package ingest

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/gttim/cauce/data"
	"github.com/gttim/cauce/internal/warehouse"
)

func TestProblemReport(t *testing.T) {
	b := newJob(t, declarations(t, nil))
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
	for _, want := range []string{res.Report.SHA256, "R020", "¿quiso decir «Chiapas»?", "Área de datos de la agencia", "corrige: 1", "entidad", "12 sin problema, 5 con problemas"} {
		if !bytes.Contains(page, []byte(want)) {
			t.Errorf("the page does not say %q", want)
		}
	}
	for _, never := range []string{"</script>", "<img", "<b>", "http:", "https:", "src="} {
		if bytes.Contains(page, []byte(never)) {
			t.Errorf("the page holds %q", never)
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

// Refused files from outside the inbox stay, and a copy lies beside the report.
func TestRefusedFromElsewhere(t *testing.T) {
	b := newJob(t, declarations(t, nil))
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
}

// Fault 42: all problems of a refused file are in the ledger and the table; the
// result carries the first.
func TestAllProblemsAreKept(t *testing.T) {
	b := newJob(t, declarations(t, nil))
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
			if r < 0x20 || hidden(r, 0) && r != 0x200d {
				t.Fatalf("line %q holds U+%04X", line, r)
			}
		}
		if n := strings.Count(line, ""); n > 12*(3*data.MaxShownValue)+400 {
			t.Fatalf("line of %d characters", n)
		}
		var out bytes.Buffer
		p.Message = message
		if err := problemsCSV(&out, file, func(fn func([]data.Problem) error) error { return fn([]data.Problem{p}) }); err != nil {
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
