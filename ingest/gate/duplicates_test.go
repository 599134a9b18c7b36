package gate

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/gttim/cauce/data"
	"github.com/gttim/cauce/ingest/ingesttest"
)

func TestDuplicates(t *testing.T) {
	decls := ingesttest.Declarations(t, nil)
	for _, c := range []gateCase{
		{fault: "62", name: "identical", content: head + "1,Chiapas,5\n2,Chiapas,5\n1,Chiapas,5\n", accepted: 2, quarantined: 1,
			rules: []string{"R027"}, says: "f.csv:4:1: R027 duplicada de la línea 2"},
		{fault: "62", name: "identical in other words", content: head + "1,Chiapas,5\n2,Chiapas,5\n1,7,5\n", accepted: 2, quarantined: 1, rules: []string{"R027"}},
		{fault: "63", name: "different values", content: head + "1,Chiapas,5\n2,Chiapas,5\n1,Chiapas,6\n", accepted: 1, quarantined: 2,
			rules: []string{"R028", "R028"}, says: "misma clave que la línea 4"},
		{fault: "63", name: "three of which one differs", content: head + "1,7,5\n1,7,5\n1,7,6\n2,7,1\n", accepted: 1, quarantined: 3, rules: []string{"R028", "R028", "R028"}},
		{fault: "62", name: "a bad row is nobody's duplicate", content: head + "1,7,x\n1,7,5\n", accepted: 1, quarantined: 1, rules: []string{"R014"}},
	} {
		t.Run(c.fault+" "+c.name, func(t *testing.T) { c.check(t, decls) })
	}
}

// Duplicates are found wherever they are and whatever the order of the file.
func TestDuplicatesInLongFile(t *testing.T) {
	const n = 60_000
	r := rand.New(rand.NewPCG(3, 4))
	rows := make([]string, 0, n+200)
	for i := range n {
		rows = append(rows, fmt.Sprintf("UPM-%08d,2024-01-31,Chiapas,1", i))
	}
	for i := range 100 {
		rows = append(rows, fmt.Sprintf("UPM-%08d,2024-01-31,7,1", i), fmt.Sprintf("UPM-%08d,2024-01-31,Chiapas,2", i+1000))
	}
	r.Shuffle(len(rows), func(i, k int) { rows[i], rows[k] = rows[k], rows[i] })
	g := passGate(t, ingesttest.Declarations(t, nil), "prueba-registro", "folio,fecha,entidad,edad\n"+strings.Join(rows, "\n")+"\n")
	count := map[string]int{}
	for _, p := range g.problems(t) {
		count[p.Rule]++
	}
	if count[data.RuleDuplicateRow] != 100 || count[data.RuleDuplicateKey] != 200 || g.total.Accepted != n-100 {
		t.Errorf("problems %v, counts %+v", count, g.total)
	}
}

// More duplicates than are compared at a time.
func TestManyDuplicates(t *testing.T) {
	var b strings.Builder
	b.WriteString("folio,fecha,entidad,edad\n")
	const n = duplicatesAtOnce + 10
	for i := range n {
		fmt.Fprintf(&b, "UPM-%08d,2024-01-31,7,1\n", i%(n/2))
	}
	g := passGate(t, ingesttest.Declarations(t, nil), "prueba-registro", b.String())
	if g.total.Accepted != n/2 || g.total.Quarantined != n/2 || len(g.found.refusals) != 1 {
		t.Errorf("counts %+v, refusals %v", g.total, g.found.refusals)
	}
}
