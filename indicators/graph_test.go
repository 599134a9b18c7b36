package indicators

import (
	"testing"

	"github.com/gttim/cauce/data"
)

// What gives many rows comes before what gives few, and what both read before either:
// the many are written beside the few.
func TestManyRowsWeighMore(t *testing.T) {
	reference := map[string]*data.Table{"pocos": {Rows: make([][]string, 3)}, "muchos": {Rows: make([][]string, 250)}}
	ind := func(id, catalog string) *Indicator {
		i := &Indicator{SQL: "SELECT * FROM todo_junto"}
		i.ID, i.Dimensions = id, []Dimension{{ID: id, Catalog: catalog}}
		return i
	}
	total := &Indicator{SQL: "SELECT 1"}
	total.ID = "todo_junto"
	g, err := newGraph([]*Indicator{ind("por_sexo", "pocos"), ind("por_nacionalidad", "muchos"), total}, reference)
	if err != nil {
		t.Fatal(err)
	}
	few, many, both := g.byID["por_sexo"].Weight(), g.byID["por_nacionalidad"].Weight(), g.byID["todo_junto"].Weight()
	if few != 1 || many <= few || both != few+many+1 {
		t.Errorf("few rows weigh %d, many %d, what both read %d", few, many, both)
	}
}
