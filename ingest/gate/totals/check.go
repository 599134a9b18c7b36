package totals

import (
	"cmp"
	"math"
	"slices"
)

// Kind is what a row of the table is.
type Kind uint8

// The kinds of rows. Of a Group and of Total the cells are totals of others.
const (
	Member Kind = iota
	Group
	Total
)

// Levels of members. Innermost belongs to every group that is open, Outside to
// none but the total.
const (
	Innermost = math.MaxInt
	Outside   = -1
)

// State is what a cell says.
type State uint8

// The states of a cell.
const (
	Blank State = iota
	Number
	Unreadable
)

// Cell is one figure of a row.
type Cell struct {
	State State
	N     int64
}

// Row is one row of the table. Level orders groups, 0 being outermost; a member
// belongs to the groups of smaller level that it stands in.
type Row struct {
	Line  int64
	Kind  Kind
	Level int
	Cells []Cell
}

// Relation says that one column is the sum of others, by their places in Cells.
type Relation struct {
	Total int
	Parts []int
}

// Difference is a total that is not the sum of its parts. Across tells one of
// columns, within a row, from one of rows.
type Difference struct {
	Line       int64
	Cell       int
	Across     bool
	Declared   Cell
	Sum        int64
	Unreadable int // parts that are no number and count as none
	Rows       int // rows that were summed
	from, to   int // those rows among the members
}

// Checker is given a table's rows in order and gathers the differences. Figures
// must be below 10^12 and rows fewer than a million, so that no sum overflows.
type Checker struct {
	relations []Relation
	width     int
	after     bool

	members []int64 // lines
	all     sums
	open    []group // by level; of groups below their rows, what each level sums so far
	totals  []group
	found   []Difference
}

// sums are the sums of each column over some rows, the members from one on.
type sums struct {
	n          []int64
	unreadable []int
	rows       int
	from, to   int
}

// group is a row of totals with what is under it.
type group struct {
	Row
	sums
}

// New makes a checker of rows with width cells. below is how many levels of groups
// there are whose rows stand below the rows that they sum, 0 when they stand above.
func New(width int, relations []Relation, below int) *Checker {
	c := &Checker{relations: relations, width: width, after: below > 0}
	c.all = c.none()
	for i := range below {
		c.open = append(c.open, group{Row: Row{Level: i}, sums: c.none()})
	}
	return c
}

func (c *Checker) none() sums {
	return sums{n: make([]int64, c.width), unreadable: make([]int, c.width), from: len(c.members), to: len(c.members)}
}

// Add takes the next row. Its cells are not kept unless it is a group or a total,
// whose Cells must stay as they are.
func (c *Checker) Add(r Row) {
	c.across(&r)
	switch {
	case r.Kind == Total:
		c.totals = append(c.totals, group{Row: r})
		if !c.after {
			c.closeFrom(0)
		}
	case r.Kind == Group && c.after:
		c.down(&r, &c.open[r.Level].sums)
		for i := r.Level; i < len(c.open); i++ {
			c.open[i].sums = c.none()
		}
	case r.Kind == Group:
		c.closeFrom(r.Level)
		c.open = append(c.open, group{Row: r, sums: c.none()})
	default:
		c.member(&r)
	}
}

func (c *Checker) member(r *Row) {
	if !c.after {
		c.closeFrom(r.Level)
	}
	c.members = append(c.members, r.Line)
	c.all.add(r, len(c.members))
	for i := range c.open {
		if c.open[i].Level < r.Level {
			c.open[i].add(r, len(c.members))
		} else if c.open[i].rows == 0 {
			c.open[i].from = len(c.members)
		}
	}
}

func (s *sums) add(r *Row, to int) {
	for i, x := range r.Cells {
		switch x.State {
		case Number:
			s.n[i] += x.N
		case Unreadable:
			s.unreadable[i]++
		}
	}
	s.rows++
	s.to = to
}

// closeFrom ends the open groups of a level and deeper.
func (c *Checker) closeFrom(level int) {
	for len(c.open) > 0 && c.open[len(c.open)-1].Level >= level {
		g := &c.open[len(c.open)-1]
		c.down(&g.Row, &g.sums)
		c.open = c.open[:len(c.open)-1]
	}
}

// across compares a row's columns of totals with the columns that they sum. A
// part that is no number is a problem of its own and leaves nothing to compare.
func (c *Checker) across(r *Row) {
	for _, rel := range c.relations {
		sum, readable := int64(0), true
		for _, i := range rel.Parts {
			readable = readable && r.Cells[i].State != Unreadable
			sum += r.Cells[i].N
		}
		if d := r.Cells[rel.Total]; readable && differs(d, sum) {
			c.found = append(c.found, Difference{Line: r.Line, Cell: rel.Total, Across: true, Declared: d, Sum: sum})
		}
	}
}

// down compares a row of totals with the rows that it sums.
func (c *Checker) down(r *Row, s *sums) {
	for i, d := range r.Cells {
		if differs(d, s.n[i]) {
			c.found = append(c.found, Difference{Line: r.Line, Cell: i, Declared: d, Sum: s.n[i], Unreadable: s.unreadable[i],
				Rows: s.rows, from: s.from, to: s.to})
		}
	}
}

func differs(d Cell, sum int64) bool {
	switch d.State {
	case Blank:
		return sum != 0
	case Unreadable:
		return true
	}
	return d.N != sum
}

// Found is how many differences are known so far.
func (c *Checker) Found() int { return len(c.found) }

// Finish closes what is open and gives the differences in the order of the table.
func (c *Checker) Finish() []Difference {
	if !c.after {
		c.closeFrom(0)
	}
	for i := range c.totals {
		c.down(&c.totals[i].Row, &c.all)
	}
	c.totals = nil
	slices.SortStableFunc(c.found, func(a, b Difference) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Cell, b.Cell))
	})
	return c.found
}

// Parts are the lines of the rows that a difference is about: those summed, or the
// row itself when it is one of columns of a member.
func (c *Checker) Parts(d Difference) []int64 {
	if d.Across {
		if _, ok := slices.BinarySearch(c.members, d.Line); ok {
			return []int64{d.Line}
		}
		return nil
	}
	return c.members[d.from:d.to]
}
