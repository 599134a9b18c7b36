package gate

import (
	"slices"
	"strings"
	"testing"

	"github.com/gttim/cauce/ingest/gate/cell"
	"github.com/gttim/cauce/ingest/ingesttest"
)

// values judges one value of one column of the events dataset: the rest of the
// row is right, and a second row keeps the file from being refused.
func TestValues(t *testing.T) {
	decls := ingesttest.Declarations(t, map[string]string{
		"prueba-miles": strings.Replace(ingesttest.Events, "shape: long", "shape: long\nthousands: \",\"\ndecimal: \".\"", 1),
		"prueba-comas": strings.Replace(ingesttest.Events, "shape: long", "shape: long\nthousands: \".\"\ndecimal: \",\"", 1),
	})
	for _, c := range []struct {
		fault, column, value string
		rule                 string // "" when accepted
		want                 string // the stored value when accepted
		dataset              string
		hint                 string
	}{
		{fault: "43", column: "eventos", value: "12.5", rule: "R014"},
		{fault: "44", column: "eventos", value: `"1,234"`, rule: "R014"},
		{fault: "44", column: "eventos", value: "1.234", rule: "R014"},
		{fault: "44", column: "eventos", value: "1 234", rule: "R014"},
		{fault: "44", column: "eventos", value: `"1,234,698"`, dataset: "prueba-miles", want: "1234698"},
		{fault: "44", column: "eventos", value: `"12,34"`, dataset: "prueba-miles", rule: "R014"},
		{fault: "44", column: "tasa", value: `"1.234,5"`, dataset: "prueba-comas", want: "1234.5"},
		{fault: "44", column: "tasa", value: "1.5", dataset: "prueba-comas", rule: "R015"},
		{fault: "45", column: "eventos", value: "1e3", rule: "R014"},
		{fault: "45", column: "eventos", value: "0x1F", rule: "R014"},
		{fault: "45", column: "eventos", value: "1_000", rule: "R014"},
		{fault: "45", column: "eventos", value: "+5", rule: "R014"},
		{fault: "45", column: "eventos", value: "007", rule: "R014"},
		{fault: "45", column: "eventos", value: " 12 ", rule: "R014"},
		{fault: "45", column: "eventos", value: "９", rule: "R014"},
		{fault: "46", column: "eventos", value: "-3", rule: "R014"},
		{fault: "47", column: "eventos", value: "9223372036854775808", rule: "R016"},
		{fault: "47", column: "eventos", value: strings.Repeat("9", 40), rule: "R016"},
		{fault: "47", column: "eventos", value: "9223372036854775807", want: "9223372036854775807"},
		{fault: "47", column: "mes", value: "13", rule: "R016"},
		{fault: "48", column: "tasa", value: "NaN", rule: "R015"},
		{fault: "48", column: "tasa", value: "inf", rule: "R015"},
		{fault: "48", column: "tasa", value: "1e400", rule: "R015"},
		{fault: "48", column: "tasa", value: strings.Repeat("9", 400), rule: "R016"},
		{fault: "49", column: "eventos", value: "-", rule: "R014"},
		{fault: "49", column: "eventos", value: "N/D", rule: "R014"},
		{fault: "49", column: "eventos", value: "<5", rule: "R014"},
		{fault: "50", column: "tasa", value: `""`, want: "NULL"},
		{fault: "50", column: "tasa", value: "", want: "NULL"},
		{fault: "51", column: "eventos", value: "", rule: "R019"},
		{fault: "51", column: "entidad", value: `""`, rule: "R019"},
		{fault: "52", column: "fecha", value: "2024-02-30", rule: "R017"},
		{fault: "52", column: "fecha", value: "30/02/2024", rule: "R017"},
		{fault: "52", column: "fecha", value: "infinity", rule: "R017"},
		{fault: "52", column: "fecha", value: "epoch", rule: "R017"},
		{fault: "52", column: "fecha", value: "99999-01-01", rule: "R017"},
		{fault: "52", column: "fecha", value: "2024-13-01", rule: "R017"},
		{fault: "52", column: "fecha", value: "24-01-01", rule: "R017"},
		{fault: "52", column: "fecha", value: "2024-02-29", want: "2024-02-29"},
		{fault: "54", column: "fecha", value: "2024-10-27T01:30:00-06:00", rule: "R017"},
		{fault: "55", column: "entidad", value: "Chapas", rule: "R020", hint: "¿quiso decir «Chiapas»?"},
		{fault: "55", column: "entidad", value: "Distrito Federal", want: "1"},
		{fault: "55", column: "entidad", value: " CHIÁPAS ", want: "1"},
		{fault: "57", column: "texto", value: "=cmd|' /C calc'!A0", want: "=cmd|' /C calc'!A0"},
		{fault: "57", column: "texto", value: "+1", want: "+1"},
		{fault: "57", column: "texto", value: "\tx", want: "\tx"},
		{fault: "58", column: "texto", value: "</script><script>alert(1)</script>", want: "</script><script>alert(1)</script>"},
		{fault: "59", column: "texto", value: "'); DROP TABLE x", want: "'); DROP TABLE x"},
		{fault: "60", column: "texto", value: "a" + strings.Repeat("\u0310", 40_000), rule: "R026"},
		{fault: "61", column: "texto", value: "👩\u200d🚀 مصر", want: "👩\u200d🚀 مصر"},
	} {
		t.Run(c.fault+" "+c.column+" "+shown([]byte(c.value)), func(t *testing.T) {
			columns := []string{"mes", "entidad", "eventos", "tasa", "fecha", "texto"}
			row := []string{"1", "Tabasco", "5", "1.5", "2024-01-31", "t"}
			if c.dataset == "prueba-comas" {
				row[3] = `"1,5"`
			}
			good := slices.Clone(row)
			good[0] = "2"
			at := slices.Index(columns, c.column)
			row[at] = c.value
			if c.dataset == "" {
				c.dataset = "prueba-eventos"
			}
			g := passGate(t, decls, c.dataset, strings.Join(columns, ",")+"\n"+strings.Join(row, ",")+"\n"+strings.Join(good, ",")+"\n")
			p := g.problems(t)
			if c.rule == "" {
				if len(p) != 0 {
					t.Fatalf("problems %v", p)
				}
				i := slices.IndexFunc(g.rows, func(r []string) bool { return r[0] == "2" })
				out := slices.IndexFunc(g.columns, func(o Column) bool { return o.Name == c.column })
				if i < 0 || g.rows[i][out+1] != c.want {
					t.Errorf("rows %v, want %s = %q", g.rows, c.column, c.want)
				}
				return
			}
			if len(p) != 1 || p[0].Rule != c.rule || p[0].Line != 2 || g.total.Quarantined != 1 || g.total.Accepted != 1 {
				t.Fatalf("problems %v, counts %+v", p, g.total)
			}
			if c.hint != "" && p[0].Hint != c.hint {
				t.Errorf("hint %q", p[0].Hint)
			}
			if len([]rune(p[0].Value)) > 81 {
				t.Errorf("value of %d characters", len([]rune(p[0].Value)))
			}
		})
	}
}

// Fault 49: the contract's own marks: missing, suppressed and zero stay apart.
func TestMarks(t *testing.T) {
	g := passGate(t, ingesttest.Declarations(t, nil), "prueba-publicadas",
		"serie,valor,publicado_en,fuente\na,n.d.,2024-02,x\nb,*,2024,y\nc,0,2023-12-31,z\n")
	p := g.problems(t)
	if len(p) != 1 || p[0].Rule != "R036" || p[0].Line != 3 || g.total.Accepted != 3 {
		t.Errorf("problems %v, counts %+v", p, g.total)
	}
	slices.SortFunc(g.rows, func(a, b []string) int { return strings.Compare(a[0], b[0]) })
	for i, want := range []string{"2 a NULL 2024-02-29 mes x", "3 b NULL 2024-12-31 anio y", "4 c 0 2023-12-31 dia z"} {
		if got := strings.Join(g.rows[i], " "); got != want {
			t.Errorf("row %q, want %q", got, want)
		}
	}
	if n := g.total.Newest; n.Source != "y" || n.Precision != cell.PrecisionYear || cell.Day(n.Days).Format("2006-01-02") != "2024-12-31" {
		t.Errorf("newest publication %+v", n)
	}
}
