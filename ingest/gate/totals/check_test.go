package totals

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// table is a random hierarchy whose totals are right: two months of two parts with
// their subtotals, and a sum of all.
type table struct {
	rows  []Row
	below int
	under map[int64][]int64 // lines of a group or total → its members
}

var relations = []Relation{{2, []int{0, 1}}, {5, []int{3, 4}}, {6, []int{0, 1, 3, 4}}}

func random(r *rand.Rand) table {
	t := table{under: map[int64][]int64{}}
	levels := 1 + r.IntN(3)
	after := r.IntN(2) == 0
	if after {
		t.below = levels
	}
	line := int64(r.IntN(5))
	place := func(row Row) int64 {
		line += int64(1 + r.IntN(2))
		row.Line = line
		t.rows = append(t.rows, row)
		return line
	}
	group := func(level int, cells []Cell, members []int64) {
		t.under[place(Row{Kind: Group, Level: level, Cells: cells})] = members
	}
	var fill func(level int) (cells []Cell, members []int64)
	member := func(level int) ([]Cell, []int64) {
		n := []int64{int64(r.IntN(50)), int64(r.IntN(3)), 0, int64(r.IntN(900)), int64(r.IntN(2)), 0, 0}
		n[2], n[5] = n[0]+n[1], n[3]+n[4]
		n[6] = n[2] + n[5]
		cells := make([]Cell, len(n))
		for i := range n {
			cells[i] = Cell{Number, n[i]}
		}
		return cells, []int64{place(Row{Kind: Member, Level: level, Cells: cells})}
	}
	zero := func() []Cell { return slices.Repeat([]Cell{{Number, 0}}, 7) }
	add := func(to, from []Cell) {
		for i := range to {
			to[i].N += from[i].N
		}
	}
	fill = func(level int) ([]Cell, []int64) {
		cells, members := zero(), []int64{}
		var at int
		if !after {
			at = len(t.rows)
			group(level, cells, members)
		}
		for range r.IntN(4) {
			var c []Cell
			var m []int64
			if level+1 < levels {
				c, m = fill(level + 1)
			} else {
				c, m = member(Innermost)
			}
			add(cells, c)
			members = append(members, m...)
		}
		if after {
			group(level, cells, members)
		} else {
			t.under[t.rows[at].Line] = members
		}
		return cells, members
	}
	cells, members := zero(), []int64{}
	total := place(Row{Kind: Total, Cells: cells})
	for range 1 + r.IntN(3) {
		c, m := fill(0)
		add(cells, c)
		members = append(members, m...)
	}
	c, m := member(Outside)
	add(cells, c)
	t.under[total] = append(members, m...)
	return t
}

func (t table) check() *Checker {
	c := New(7, relations, t.below)
	for _, r := range t.rows {
		c.Add(r)
	}
	return c
}

// Tables whose totals are right pass. With one figure changed exactly the totals
// that it is part of, or that it is, are told, each with both numbers.
func TestRandomTables(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for i := range 3000 {
		tab := random(r)
		if d := tab.check().Finish(); len(d) != 0 {
			t.Fatalf("table %d: %+v\n%+v", i, d, tab.rows)
		}
		row, cell, by := r.IntN(len(tab.rows)), r.IntN(7), int64(1+r.IntN(9))
		changed := &tab.rows[row]
		changed.Cells = slices.Clone(changed.Cells)
		changed.Cells[cell].N += by
		var want []string
		say := func(line int64, cell int, across bool, declared, sum int64) {
			want = append(want, fmt.Sprintf("%d.%d %v %d %d", line, cell, across, declared, sum))
		}
		for _, rel := range relations {
			if rel.Total == cell {
				say(changed.Line, cell, true, changed.Cells[cell].N, changed.Cells[cell].N-by)
			} else if slices.Contains(rel.Parts, cell) {
				n := changed.Cells[rel.Total].N
				say(changed.Line, rel.Total, true, n, n+by)
			}
		}
		if changed.Kind != Member {
			say(changed.Line, cell, false, changed.Cells[cell].N, changed.Cells[cell].N-by)
		}
		for _, x := range tab.rows {
			if slices.Contains(tab.under[x.Line], changed.Line) {
				say(x.Line, cell, false, x.Cells[cell].N, x.Cells[cell].N+by)
			}
		}
		c := tab.check()
		var got []string
		for _, d := range c.Finish() {
			got = append(got, fmt.Sprintf("%d.%d %v %d %d", d.Line, d.Cell, d.Across, d.Declared.N, d.Sum))
			if under := tab.under[d.Line]; !d.Across && changed.Kind == Member && tab.below == 0 && !slices.Equal(c.Parts(d), under) {
				t.Fatalf("table %d: parts of line %d are %v, want %v", i, d.Line, c.Parts(d), under)
			}
		}
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Fatalf("table %d, line %d cell %d: told\n%s\nwant\n%s", i, changed.Line, cell, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}
}

func TestCellsThatAreNoNumbers(t *testing.T) {
	c := New(2, []Relation{{1, []int{0}}}, 0)
	row := func(line int64, kind Kind, a, b Cell) {
		c.Add(Row{Line: line, Kind: kind, Level: map[Kind]int{Member: Innermost}[kind], Cells: []Cell{a, b}})
	}
	row(1, Group, Cell{Number, 7}, Cell{})               // its sum is blank
	row(2, Member, Cell{Unreadable, 0}, Cell{Number, 9}) // nothing to compare across
	row(3, Member, Cell{Number, 5}, Cell{Unreadable, 0})
	row(4, Group, Cell{}, Cell{}) // blank, and so is what it sums
	row(5, Member, Cell{}, Cell{})
	var got []string
	for _, d := range c.Finish() {
		got = append(got, fmt.Sprintf("%d.%d %v %v %d/%d of %d %v", d.Line, d.Cell, d.Across, d.Declared.State, d.Sum, d.Unreadable, d.Rows, c.Parts(d)))
	}
	want := []string{"1.0 false 1 5/1 of 2 [2 3]", "1.1 true 0 7/0 of 0 []", "1.1 false 0 9/1 of 2 [2 3]", "3.1 true 2 5/0 of 0 [3]"}
	if !slices.Equal(got, want) {
		t.Errorf("told\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}
