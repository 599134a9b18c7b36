package gate

import (
	"slices"
	"strings"
	"testing"

	"github.com/gttim/cauce/data"
	"github.com/gttim/cauce/ingest/ingesttest"
)

func TestWideMonths(t *testing.T) {
	decls := ingesttest.Declarations(t, nil)
	head := "anio,tipo,ENE,FEB,MAR,ABR,MAY,JUN,JUL,AGO,SEP,OCT,NOV,DIC\n"
	year := strings.Repeat("1,", 11) + "0\n"
	for _, c := range []struct {
		name, content, published string
		rows                     int64 // in raw
		quarantined              int64
		rules                    []string
	}{
		{"months to come are blank", ingesttest.WideRow("2025,a", "1", "2", "3") + ingesttest.WideRow("2025,b", "0", "0", "0") + "2024,a," + year, "2025-04-20", 18, 0, nil},
		{"a blank among published months", ingesttest.WideRow("2025,a", "1", "", "3") + ingesttest.WideRow("2025,b", "1", "2", "3"), "2025-04-20", 3, 1, []string{"R029"}},
		{"a row that stops early", ingesttest.WideRow("2025,a", "1", "2") + ingesttest.WideRow("2025,b", "1", "2", "3"), "2025-04-20", 3, 1, []string{"R029"}},
		{"zeros of the publication's year pad", ingesttest.WideRow("2026,a", "4", "5", "0", "0", "0", "0", "0", "0", "0", "0", "0", "0"), "2026-03-20", 2, 0, nil},
		{"zeros of a past year are real", ingesttest.WideRow("2025,a", "4", "5", "0", "0", "0", "0", "0", "0", "0", "0", "0", "0"), "2026-03-20", 12, 0, nil},
		{"a zero of one row is real", ingesttest.WideRow("2026,a", "4", "0", "0") + ingesttest.WideRow("2026,b", "1", "2", "0"), "2026-03-20", 4, 0, nil},
		{"zeros and blanks pad together", ingesttest.WideRow("2026,a", "4", "0", "0") + ingesttest.WideRow("2026,b", "1"), "2026-03-20", 2, 0, nil},
		{"a year without any month", ingesttest.WideRow("2026,a") + "2025,a," + year, "2026-01-05", 12, 0, nil},
		{"a bad figure in a published month", ingesttest.WideRow("2025,a", "1", "x", "3") + ingesttest.WideRow("2025,b", "1", "2", "3"), "2025-04-20", 3, 1, []string{"R014"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := passGateWith(t, decls, "prueba-ancho", head+c.content, Limits{}, ingesttest.Day(c.published))
			var rules []string
			for _, p := range g.problems(t) {
				rules = append(rules, p.Rule)
			}
			if !slices.Equal(rules, c.rules) || g.total.Quarantined != c.quarantined {
				t.Errorf("problems %v", g.problems(t))
			}
			if g.total.Rows != c.rows || int64(len(g.rows)) != c.rows {
				t.Errorf("%d rows (%d counted), want %d", len(g.rows), g.total.Rows, c.rows)
			}
		})
	}
}

func TestWideRowsCarryMonthAndLine(t *testing.T) {
	g := passGate(t, ingesttest.Declarations(t, nil), "prueba-ancho",
		"tipo,DIC,NOV,OCT,SEP,AGO,JUL,JUN,MAY,ABR,MAR,FEB,ENE,anio\na,12,11,10,9,8,7,6,5,4,3,2,1,2020\n")
	var got []string
	for _, r := range g.rows {
		got = append(got, strings.Join(r, " "))
	}
	slices.Sort(got)
	if len(got) != 12 || got[0] != "2 2020 a 1 1" || got[11] != "2 2020 a 9 9" {
		t.Errorf("rows %q", got)
	}
}

// A problem of a month names the header that the month has in the file.
func TestWideProblemsNameTheMonth(t *testing.T) {
	g := passGateWith(t, ingesttest.Declarations(t, nil), "prueba-ancho", "anio,tipo,ENE,FEB,MAR,ABR,MAY,JUN,JUL,AGO,SEP,OCT,NOV,DIC\n"+
		ingesttest.WideRow("2025,a", "1", "x", "3")+ingesttest.WideRow("2025,b", "1", "2", "")+ingesttest.WideRow("2025,c", "1", "2", "3"),
		Limits{}, ingesttest.Day("2025-04-20"))
	p := g.problems(t)
	if len(p) != 2 || p[0].Field != "FEB" || p[0].Value != "x" || p[0].Rule != data.RuleInteger || p[1].Field != "MAR" || p[1].Rule != data.RuleBlankMonth {
		t.Errorf("problems %v", p)
	}
	if want := "f.csv:2:10: columna \"FEB\", valor \"x\""; len(p) > 0 && !strings.HasPrefix(p[0].String(), want) {
		t.Errorf("problem %s, want %s", p[0], want)
	}
}
