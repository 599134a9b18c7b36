package tablehead

import (
	"bytes"

	"github.com/gttim/cauce/data"
)

// Totals are the places of a table's columns of totals, -1 when absent.
type Totals struct {
	Subtotals []int // by month: sums of its parts
	Sums      []int // by part: sums of the months; one where months have no parts
	Sum       int   // sum of all
	Blank     []int // columns without a header: they must stay empty
}

// Month is the target of January's first cell; columns of the contract are targets
// from 0 up. Match.Missing lists targets.
const Month = 1 << 20

// Other targets of a header cell.
const (
	ignored  = -1
	sumOf    = -2
	subtotal = -3
	none     = -4
)

// Match is how well one or two rows serve as a table's header.
type Match struct {
	Width  int
	At     []int // per column of the contract: its place in the file, -1 when absent
	Values []int // per month and, within it, per part: -1 when absent
	Parts  int   // parts of each month: 1 where months have none
	Parted bool  // parts are named in a second row
	Totals Totals

	Known    int   // cells with an accepted spelling
	Missing  []int // targets
	Extra    []int // cells
	Repeated []int // cells
}

// Names are the accepted spellings of a table's two header rows, folded.
type Names struct {
	c              *data.Contract
	above, beneath map[string]int
}

// New reads the spellings that a contract accepts.
func New(c *data.Contract) Names {
	t := Names{c: c, above: map[string]int{}, beneath: map[string]int{}}
	add := func(to map[string]int, target int, spellings ...string) {
		for _, s := range spellings {
			to[data.Fold(s)] = target
		}
	}
	h := c.Hierarchy
	add(t.above, ignored, c.Ignored...)
	add(t.above, sumOf, h.Sum...)
	for i := range c.Columns {
		if c.Columns[i].Title == nil {
			add(t.above, i, c.Columns[i].Name)
			add(t.above, i, c.Columns[i].Headers...)
		}
	}
	for m, name := range c.Wide.Months {
		add(t.above, Month+m, name)
		if m < len(h.MonthHeaders) {
			add(t.above, Month+m, h.MonthHeaders[m]...)
		}
	}
	if h.Parts != nil {
		for i, p := range h.Parts.Columns {
			add(t.beneath, i, p.Headers...)
		}
		add(t.beneath, subtotal, h.Parts.Subtotal...)
	}
	return t
}

// look finds what a header cell names; none when nothing that is known.
func look(names map[string]int, text string) int {
	if target, ok := names[text]; ok {
		return target
	}
	return none
}

// folded is a cell of a header row in the form that names are compared in, ""
// past its end.
func folded(cells [][]byte, i int) string {
	if i >= len(cells) || len(cells[i]) > 1000 {
		return ""
	}
	return data.Fold(string(cells[i]))
}

// First judges a row as the header, or as the upper of its two rows: the label and
// January are there, and nothing that is not known.
func (t *Names) First(cells [][]byte) Match {
	m := Match{Width: len(cells)}
	seen := map[int]bool{}
	for i := range cells {
		text := folded(cells, i)
		if text == "" && len(cells[i]) <= 1000 {
			continue
		}
		target := look(t.above, text)
		if target == none {
			m.Extra = append(m.Extra, i)
		} else if !seen[target] {
			m.Known++
		}
		seen[target] = true
	}
	for i := range t.c.Columns {
		if col := &t.c.Columns[i]; col.Title == nil && !col.Optional && !seen[i] {
			m.Missing = append(m.Missing, i)
		}
	}
	if !seen[Month] {
		m.Missing = append(m.Missing, Month)
	}
	return m
}

// Second tells whether a row is the lower of the header's two rows: it names parts
// and, at the label, nothing else than the row above.
func (t *Names) Second(first, cells [][]byte) bool {
	parts := false
	for i := range cells {
		text := folded(cells, i)
		if target := look(t.above, folded(first, i)); target >= 0 && target < Month && text != "" && look(t.above, text) != target {
			return false
		}
		parts = parts || look(t.beneath, text) != none
	}
	return parts
}

// Match places every column of the header; second is nil where it has one row.
func (t *Names) Match(first, second [][]byte) Match {
	c, h := t.c, t.c.Hierarchy
	m := Match{Width: max(len(first), len(second)), At: absent(len(c.Columns)), Parts: 1, Parted: second != nil}
	if m.Parted {
		m.Parts = len(h.Parts.Columns)
	}
	m.Values = absent(12 * m.Parts)
	m.Totals = Totals{Subtotals: absent(12), Sums: absent(m.Parts), Sum: -1}
	group := none
	for i := range m.Width {
		upper, lower := folded(first, i), folded(second, i)
		target := look(t.above, upper)
		switch {
		case upper == "" && lower == "" && Blank(first, i) && Blank(second, i):
			m.Totals.Blank = append(m.Totals.Blank, i)
			group = none
			continue
		case upper == "" && lower != "" && Blank(first, i):
			target = group // a merged cell shows its text once
		}
		group = target
		place := m.place(t, target, upper, lower)
		switch {
		case target == ignored:
		case place == nil:
			m.Extra = append(m.Extra, i)
		case *place >= 0:
			m.Repeated = append(m.Repeated, i)
		default:
			*place = i
		}
	}
	for i, at := range m.At {
		if at < 0 && c.Columns[i].Title == nil && !c.Columns[i].Optional {
			m.Missing = append(m.Missing, i)
		}
	}
	last := m.Parts - 1 // of January, and of the last month that is there
	for i, at := range m.Values {
		if at >= 0 {
			last = max(last, i/m.Parts*m.Parts+m.Parts-1)
		}
	}
	for i, at := range m.Values[:last+1] {
		if at < 0 {
			m.Missing = append(m.Missing, Month+i)
		}
	}
	return m
}

// place is where a column's place is noted, nil when the column is not known.
func (m *Match) place(t *Names, target int, upper, lower string) *int {
	sub := look(t.beneath, lower)
	alone := !m.Parted || lower == "" || lower == upper
	switch {
	case target >= Month && !m.Parted:
		return &m.Values[target-Month]
	case target >= Month && sub >= 0:
		return &m.Values[(target-Month)*m.Parts+sub]
	case target >= Month && sub == subtotal:
		return &m.Totals.Subtotals[target-Month]
	case target == sumOf && (alone || sub == subtotal || look(t.above, lower) == sumOf):
		return &m.Totals.Sum
	case target == sumOf && sub >= 0:
		return &m.Totals.Sums[sub]
	case target >= 0 && target < Month && alone:
		return &m.At[target]
	}
	return nil
}

func absent(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = -1
	}
	return out
}

// Blank tells whether a row shows nothing at a place.
func Blank(cells [][]byte, i int) bool {
	return i >= len(cells) || len(bytes.TrimSpace(cells[i])) == 0
}
