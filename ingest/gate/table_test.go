package gate

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/gttim/cauce/data"
	"github.com/gttim/cauce/ingest/ingesttest"
)

const (
	tableTitle = "\"Cuadro 1, casos por entidad, 2024\",,,,,,,\n"
	tableHead  = "Zona y entidad,Enero,,,Febrero,,,Total\n,Altas,Bajas,Subtotal,Altas,Bajas,Subtotal,\n"
	tableBody  = "Total general,9,3,12,5,1,6,18\n" +
		"Norte,4,1,5,2,0,2,7\n" + // line 5
		"Coahuila,4,1,5,2,0,2,7\n" +
		"Sur,4,2,6,3,1,4,10\n" +
		"Costa,1,2,3,0,1,1,4\n" +
		"Chiapas,1,0,1,0,1,1,2\n" +
		"Tabasco,0,2,2,0,0,0,2\n" + // line 10
		"Interior,3,0,3,3,0,3,6\n" +
		"CDMX,3,0,3,3,0,3,6\n" +
		"EXTRANJERO,1,0,1,0,0,0,1\n" +
		"Fuente: nosotros,,,,,,,\n"
)

func told(problems []data.Problem) []string {
	var out []string
	for _, p := range problems {
		out = append(out, fmt.Sprintf("%d:%d %s %s", p.Line, p.Column, p.Field, p.Rule))
	}
	return out
}

// sorted are the rows that passed, in order.
func (g gated) sorted() []string {
	var out []string
	for _, r := range g.rows {
		out = append(out, strings.Join(r, " "))
	}
	slices.Sort(out)
	return out
}

func TestTableUnpivots(t *testing.T) {
	g := passGateWith(t, ingesttest.Declarations(t, nil), "prueba-tabla", tableTitle+tableHead+tableBody, Limits{}, ingesttest.Day("2025-03-01"))
	if p := g.problems(t); len(p) > 0 {
		t.Fatalf("problems %v", p)
	}
	if x := g.total; x.Header != 3 || x.Records != 11 || x.Accepted != 5 || x.Skipped != 6 || x.SkippedLines != 6 || x.Rows != 20 {
		t.Errorf("counts %+v", x)
	}
	rows := g.sorted()
	if len(rows) != 20 || rows[0] != "10 2024 3 1 a 0" || rows[1] != "10 2024 3 1 b 2" || !slices.Contains(rows, "9 2024 2 2 b 1") {
		t.Errorf("rows %q", rows)
	}
	if want := strings.TrimSpace(tableTitle) + "\r\n" + strings.TrimSpace(strings.ReplaceAll(tableHead, "\n", "\r\n")); g.Header() != want {
		t.Errorf("header %q, want %q", g.Header(), want)
	}
}

// One header row: figures without parts, and months that have not come are absent.
func TestTableOfOneHeaderRow(t *testing.T) {
	content := tableTitle + "entidad,ENE,feb,,TOTAL\nTotal General,3,4,,7\nNorte,3,4,,7\nCoahuila,3,4,,7\n,,,,\n"
	g := passGateWith(t, ingesttest.Declarations(t, nil), "prueba-tabla", content, Limits{}, ingesttest.Day("2025-03-01"))
	if p := g.problems(t); len(p) > 0 {
		t.Fatalf("problems %v", p)
	}
	if rows := g.sorted(); !slices.Equal(rows, []string{"5 2024 1 1 NULL 3", "5 2024 1 2 NULL 4"}) {
		t.Errorf("rows %q", rows)
	}
	if g.total.Skipped != 3 {
		t.Errorf("counts %+v", g.total)
	}
}

func TestTableGroupsBelowAndByIndent(t *testing.T) {
	decls := ingesttest.Declarations(t, map[string]string{
		"prueba-abajo":   strings.Replace(ingesttest.Table, "apart:", "after: true, apart:", 1),
		"prueba-sangria": strings.Replace(ingesttest.Table, "{catalogs: [zonas, subzonas], apart: [\"33\"]}", "{indent: true}", 1),
	})
	head := tableTitle + "entidad,Enero,Total\n"
	for _, c := range []struct{ name, dataset, body, want string }{
		{"below", "prueba-abajo", "Chiapas,1,1\nTabasco,2,2\nCosta,3,3\nCDMX,4,4\nInterior,4,4\nSur,7,7\nCoahuila,5,5\nNorte,5,5\nEXTRANJERO,6,6\nTotal general,18,18\n", ""},
		{"below, wrong", "prueba-abajo", "Chiapas,1,1\nTabasco,2,2\nCosta,4,4\nCDMX,4,4\nInterior,4,4\nSur,7,7\nTotal general,7,7\n", "[5:7 Enero R050 5:9 Total R050]"},
		{"indent", "prueba-sangria", "Total general,18,18\nTodo,12,12\n  Uno,3,3\n    Chiapas,1,1\n    Tabasco,2,2\n  Coahuila,9,9\nCDMX,6,6\n", ""},
		{"indent, wrong", "prueba-sangria", "Total general,18,18\nTodo,12,12\n  Uno,4,4\n    Chiapas,1,1\n    Tabasco,2,2\n  Coahuila,9,9\nCDMX,6,6\n", "[5:7 Enero R050 5:9 Total R050]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := passGateWith(t, decls, c.dataset, head+c.body, Limits{}, ingesttest.Day("2025-03-01"))
			got := told(g.problems(t))
			if (len(got) > 0 || c.want != "") && fmt.Sprint(got) != c.want {
				t.Errorf("problems %v, want %s: %v", got, c.want, g.problems(t))
			}
			if g.total.Quarantined > 0 || g.total.Accepted == 0 {
				t.Errorf("counts %+v", g.total)
			}
		})
	}
}

// What a total that does not hold does is the contract's.
func TestTableDifferences(t *testing.T) {
	decls := ingesttest.Declarations(t, map[string]string{
		"prueba-fila":    strings.Replace(ingesttest.Table, "on_difference: aviso", "on_difference: fila", 1),
		"prueba-archivo": strings.Replace(ingesttest.Table, "on_difference: aviso", "on_difference: archivo", 1),
	})
	wrong := strings.Replace(tableBody, "Tabasco,0,2,2", "Tabasco,0,1,2", 1) // its subtotal and sum, and January's Bajas of Costa, Sur and the total
	own := "10:13 Enero Subtotal R051 10:21 Total R051"
	rows := "4:17 Enero Bajas R050 7:7 Enero Bajas R050 8:9 Enero Bajas R050"
	for _, c := range []struct {
		dataset               string
		problems              string
		accepted, quarantined int64
		refused               bool
	}{
		{"prueba-tabla", "[" + rows + " " + own + "]", 5, 0, false},
		{"prueba-archivo", "[" + rows + " " + own + "]", 5, 0, true},
		{"prueba-fila", "[6:12 Enero Bajas R052 9:11 Enero Bajas R052 10:11 Enero Bajas R052 " + own + " 12:8 Enero Bajas R052 13:14 Enero Bajas R052 " + rows + "]", 0, 5, true},
	} {
		t.Run(c.dataset, func(t *testing.T) {
			g := passGateWith(t, decls, c.dataset, tableTitle+tableHead+wrong, Limits{}, ingesttest.Day("2025-03-01"))
			p := slices.DeleteFunc(g.problems(t), func(p data.Problem) bool { return p.Rule == data.RuleNoneAccepted })
			if got := fmt.Sprint(told(p)); got != c.problems {
				t.Errorf("problems %s, want %s", got, c.problems)
			}
			if g.total.Accepted != c.accepted || g.total.Quarantined != c.quarantined || g.Refused() != c.refused {
				t.Errorf("counts %+v, refused %v", g.total, g.Refused())
			}
			for _, x := range p {
				if x.Rule == data.RuleTotalRow && x.Line == 7 && x.Message != "«Sur» dice 2 y los renglones que abarca (3) suman 1" {
					t.Errorf("message %q", x.Message)
				}
			}
		})
	}
	// The parts of a group alone are set aside; the rest loads.
	g := passGateWith(t, decls, "prueba-fila", tableTitle+tableHead+strings.Replace(tableBody, "Costa,1,2,3,0,1,1,4", "Costa,2,2,4,0,1,1,5", 1), Limits{}, ingesttest.Day("2025-03-01"))
	if g.total.Accepted != 3 || g.total.Quarantined != 2 || g.Refused() {
		t.Errorf("counts %+v: %v", g.total, g.problems(t))
	}
}

func TestTableThatIsNotWhole(t *testing.T) {
	decls := ingesttest.Declarations(t, nil)
	long := strings.Repeat("Norte,0,0,0,0,0,0,0\n", maxTableRows+1)
	for _, c := range []struct{ name, content, published, rules, says string }{
		{"no total", tableTitle + tableHead + "Coahuila,1,0,1,1,0,1,2\n", "2025-03-01", "[R053]", "Total general"},
		{"no year", tableHead + tableBody, "2025-03-01", "[R054]", "ningún título dice «anio»"},
		{"two years", tableTitle + "\"Cuadro 1, casos, 2023\",,,,,,,\n" + tableHead + tableBody, "2025-03-01", "[R054]", "un título dice 2024 y otro 2023"},
		{"year to come", tableTitle + tableHead + tableBody, "2023-03-01", "[R041]", "f.csv:1:"},
		{"title not declared", "Otra cosa\n" + tableTitle + tableHead + tableBody, "2025-03-01", "[R037]", "línea 3"},
		{"part missing", tableTitle + strings.Replace(tableHead, "Bajas,Subtotal,\n", "Bajos,Subtotal,\n", 1) + tableBody, "2025-03-01", "[R009 R010]", "falta la columna «Febrero Bajas»"},
		{"part twice", tableTitle + strings.Replace(tableHead, "Altas,Bajas,Subtotal,\n", "Altas,Altas,Subtotal,\n", 1) + tableBody, "2025-03-01", "[R009 R011]", "Febrero Bajas"},
		{"month missing", tableTitle + "entidad,Enero,Marzo\nTotal general,1,1\nCoahuila,1,1\n", "2025-03-01", "[R009]", "Febrero"},
		{"another delimiter", strings.ReplaceAll("Boletín 3\nentidad,Enero,Febrero,Marzo\nCoahuila,1,1,1\n", ",", ";"), "2025-03-01", "[R007]", "punto y coma"},
		{"value without header", tableTitle + "entidad,Enero,,Total\nTotal general,1,,1\nCoahuila,1,7,1\n", "2025-03-01", "[R010]", "f.csv:4:12"},
		{"header only", tableTitle + tableHead, "2025-03-01", "[R053]", ""},
		{"only titles", tableTitle, "2025-03-01", "[R008]", ""},
		{"too long", tableTitle + tableHead + long, "2025-03-01", "[R013]", "50000"},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := passGateWith(t, decls, "prueba-tabla", c.content, Limits{}, ingesttest.Day(c.published))
			var rules []string
			text := ""
			for _, p := range g.problems(t) {
				rules = append(rules, p.Rule)
				text += p.String() + "\n"
			}
			if fmt.Sprint(rules) != c.rules || !strings.Contains(text, c.says) || !g.Refused() {
				t.Errorf("refused %v, rules %v, want %s and %q:\n%s", g.Refused(), rules, c.rules, c.says, text)
			}
		})
	}
	// Rows that are sent again as a correction need no total.
	g := passGateInput(t, Input{Dataset: decls.Dataset("prueba-tabla"), Reference: decls.Reference, Day: ingesttest.Day("2025-03-01"), Partial: true},
		tableTitle+tableHead+"Coahuila,1,0,1,1,0,1,2\n")
	if g.Refused() || g.total.Accepted != 1 {
		t.Errorf("counts %+v: %v", g.total, g.problems(t))
	}
}

func TestTableUnpublishedMonths(t *testing.T) {
	decls := ingesttest.Declarations(t, nil)
	head := strings.Replace(tableTitle, "2024", "2025", 1) + "entidad,Enero,Febrero,Marzo,Total\n"
	for _, c := range []struct {
		name, body string
		rows       int64
		problems   string
	}{
		{"blank to the end", "Total general,3,,,3\nCoahuila,2,,,2\nChiapas,1,,,1\n", 2, "[]"},
		{"zero to the end, in the year of publication", "Total general,3,0,0,3\nCoahuila,2,0,0,2\nChiapas,1,0,0,1\n", 2, "[]"},
		{"zeros of single rows are real", "Total general,3,1,0,4\nCoahuila,2,0,0,2\nChiapas,1,1,0,2\n", 4, "[]"},
		{"a blank in a published month", "Total general,3,1,0,4\nCoahuila,2,,0,2\nChiapas,1,1,0,2\n", 2, "[4:12 Febrero R029]"},
		{"a total alone publishes a month", "Total general,3,1,0,4\nCoahuila,2,,,2\nChiapas,1,,,1\n", 0, "[4:12 Febrero R029 5:11 Febrero R029 3:17 Febrero R050 3:21 Total R050]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := passGateWith(t, decls, "prueba-tabla", head+c.body, Limits{}, ingesttest.Day("2025-04-20"))
			p := slices.DeleteFunc(g.problems(t), func(p data.Problem) bool { return p.Rule == data.RuleNoneAccepted })
			if got := fmt.Sprint(told(p)); got != c.problems || g.total.Rows != c.rows {
				t.Errorf("%d rows, problems %s, want %d and %s", g.total.Rows, got, c.rows, c.problems)
			}
		})
	}
}

// randomTable is a table of the test contract whose totals hold: its lines in cells.
func randomTable(r *rand.Rand) [][]string {
	names := []string{"Coahuila", "Chiapas", "CDMX", "Tabasco"}
	r.Shuffle(len(names), func(i, k int) { names[i], names[k] = names[k], names[i] })
	var rows [][]string
	figures := func(n [7]int, label string) []string {
		out := []string{label}
		for _, x := range n {
			out = append(out, fmt.Sprint(x))
		}
		return out
	}
	var total [7]int
	member := func(name string, sums ...*[7]int) {
		n := [7]int{r.IntN(2000), r.IntN(20), 0, 1 + r.IntN(90), r.IntN(2)}
		n[5], n[2] = n[3]+n[4], n[0]+n[1]
		n[6] = n[2] + n[5]
		for _, s := range append(sums, &total) {
			for i := range n {
				s[i] += n[i]
			}
		}
		rows = append(rows, figures(n, name))
	}
	for i, zone := range []string{"Norte", "Sur"} {
		var outer [7]int
		at := len(rows)
		rows = append(rows, nil)
		for _, name := range names[2*i : 2*i+r.IntN(3)] {
			if zone == "Norte" {
				member(name, &outer)
				continue
			}
			var inner [7]int
			below := len(rows)
			rows = append(rows, nil)
			member(name, &outer, &inner)
			rows[below] = figures(inner, []string{"Costa", "Interior"}[r.IntN(2)])
		}
		rows[at] = figures(outer, zone)
	}
	member("EXTRANJERO")
	return append([][]string{figures(total, "Total general")}, rows...)
}

func tableText(rows [][]string) string {
	text := tableTitle + tableHead
	for _, row := range rows {
		text += strings.Join(row, ",") + "\n"
	}
	return text
}

// Random tables whose totals hold are accepted, and their rows sum to the total;
// with one cell changed each total that it touches is told, and nothing else.
func TestRandomTables(t *testing.T) {
	decls := ingesttest.Declarations(t, nil)
	r := rand.New(rand.NewPCG(21, 22))
	groups := map[string]int{"Total general": 0, "Norte": 1, "Sur": 1, "Costa": 2, "Interior": 2}
	for range 150 {
		rows := randomTable(r)
		g := passGateWith(t, decls, "prueba-tabla", tableText(rows), Limits{}, ingesttest.Day("2025-03-01"))
		if p := g.problems(t); len(p) > 0 {
			t.Fatalf("%v\n%s", p, tableText(rows))
		}
		sum := 0
		for _, row := range g.rows {
			sum += integer(t, row[len(row)-1])
		}
		if fmt.Sprint(sum) != rows[0][7] {
			t.Fatalf("rows sum %d\n%s", sum, tableText(rows))
		}
		at, cell := r.IntN(len(rows)), 1+r.IntN(7)
		rows[at][cell] = fmt.Sprint(integer(t, rows[at][cell]) + 1 + r.IntN(5))
		var want []string
		say := func(row, cell int, rule string) { want = append(want, fmt.Sprintf("%d.%d %s", row+4, cell, rule)) }
		_, group := groups[rows[at][0]]
		switch cell {
		case 3, 6, 7:
			say(at, cell, "R051")
		case 1, 2:
			say(at, 3, "R051")
			say(at, 7, "R051")
		default:
			say(at, 6, "R051")
			say(at, 7, "R051")
		}
		if group {
			say(at, cell, "R050")
		} else {
			say(0, cell, "R050")
			level := 3
			for above := at - 1; above > 0 && rows[at][0] != "EXTRANJERO"; above-- {
				if l, ok := groups[rows[above][0]]; ok && l < level {
					say(above, cell, "R050")
					level = l
				}
			}
		}
		var got []string
		names := []string{"", "Enero Altas", "Enero Bajas", "Enero Subtotal", "Febrero Altas", "Febrero Bajas", "Febrero Subtotal", "Total"}
		changed := passGateWith(t, decls, "prueba-tabla", tableText(rows), Limits{}, ingesttest.Day("2025-03-01"))
		for _, p := range changed.problems(t) {
			got = append(got, fmt.Sprintf("%d.%d %s", p.Line, slices.Index(names, p.Field), p.Rule))
		}
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Fatalf("line %d cell %d: told %v, want %v\n%s", at+4, cell, got, want, tableText(rows))
		}
	}
}

// Whatever a table is, it is accounted for; groups are told by catalogue, above and
// below their rows, and by indent, and totals that do not hold are noted or set rows
// aside. What passes is a member.
func FuzzTable(f *testing.F) {
	groups := "{catalogs: [zonas, subzonas], apart: [\"33\"]}"
	decls := ingesttest.Declarations(f, map[string]string{
		"prueba-abajo":   strings.Replace(ingesttest.Table, groups, "{catalogs: [zonas, subzonas], after: true}", 1),
		"prueba-sangria": strings.Replace(ingesttest.Table, groups, "{indent: true}", 1),
		"prueba-fila":    strings.Replace(ingesttest.Table, "on_difference: aviso", "on_difference: fila", 1),
	})
	r := rand.New(rand.NewPCG(31, 32))
	for range 10 {
		text := tableText(randomTable(r))
		for which := range uint8(4) {
			f.Add(which, []byte(text))
			f.Add(which, []byte(mutated(r, text)))
		}
	}
	f.Add(uint8(2), []byte(tableTitle+"entidad,Enero,Total\nTotal general,3,3\nTodo,3,3\n  Chiapas,1,1\n  CDMX,2,2\n"))
	f.Fuzz(func(t *testing.T, which uint8, content []byte) {
		dataset := []string{"prueba-tabla", "prueba-abajo", "prueba-sangria", "prueba-fila"}[which%4]
		g := passGateWith(t, decls, dataset, string(content), Limits{RecordBytes: 64 << 10, FieldBytes: 1 << 10}, ingesttest.Day("2025-03-01"))
		for _, p := range g.problems(t) {
			if _, ok := data.RuleByID(p.Rule); !ok {
				t.Errorf("rule %q is not declared", p.Rule)
			}
		}
		for _, row := range g.rows {
			line := int64(integer(t, row[0]))
			if g.table.skips(line) {
				t.Errorf("line %d is a total and gave a row", line)
			}
		}
	})
}

func integer(t *testing.T, s string) int {
	t.Helper()
	n, err := strconv.Atoi(s)
	if err != nil {
		t.Fatal(err)
	}
	return n
}
