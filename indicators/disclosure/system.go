package disclosure

import (
	"fmt"
	"slices"
	"strings"
)

// cell is what is shown or hidden, at every vintage alike.
type cell struct {
	key       key
	threshold float64
	public    bool // an agency published it: it is always shown
	alone     bool // a single agency contributes it, at some vintage
}

// variable is one unknown number of a reader: a cell at the vintages at which it
// has one value, or (cell -1) what is shown nowhere: the rest of a margin.
type variable struct {
	cell  int
	truth float64
}

type term struct {
	variable int
	factor   float64
}

// form is a number that must not be worked out: a cell, what it lacks to the one
// that contains it, or its difference between two vintages. What a reader can
// derive must leave room for [0, threshold) or, where the number is not small but
// a single agency's, for an interval of that width.
type form struct {
	terms            []term
	truth, threshold float64
	what             string
}

// holds tells whether a reader's interval leaves enough room.
func (f *form) holds(low, high float64) bool {
	if f.truth < f.threshold {
		return low <= 0 && high >= f.threshold
	}
	return high-low >= f.threshold
}

// system is all that a reader knows of the figures besides those shown: rows of
// terms that add to zero, over variables that are not negative.
type system struct {
	policy    Policy
	hierarchy Hierarchy
	cells     []cell
	vars      []variable
	rows      [][]term
	forms     []form

	cellOf map[key]int
	varOf  map[valued]int
	have   map[string]bool // rows and forms by their text
}

// valued is a key with a value: at all vintages at which a cell has one value it
// is one variable.
type valued struct {
	key   key
	truth float64
}

// Hierarchy tells, by dimension, the code of which a code is a part: age groups
// that contain others, regions of states.
type Hierarchy map[string]map[string]string

func newSystem(p Policy, h Hierarchy) *system {
	return &system{policy: p, hierarchy: h, cellOf: map[key]int{}, varOf: map[valued]int{}, have: map[string]bool{}}
}

// state is what a reader sees at one point of both clocks.
type state struct {
	vars    map[key]int
	outer   map[int]int // denominator of a share's numerator
	figures []*Figure
}

// add takes the figures in force at one point of both clocks.
func (s *system) add(figures []*Figure) *state {
	st := &state{vars: map[key]int{}, outer: map[int]int{}, figures: figures}
	dens := denominators(figures)
	for _, f := range figures {
		if !countable(f.Value) {
			continue
		}
		n := s.put(st, f, numeratorKey(f), *f.Value.Numerator)
		if k, ok := dens[f]; ok {
			d := s.put(st, f, k, *f.Value.Denom)
			if share(f) {
				st.outer[n] = d
			}
		}
	}
	s.margins(st)
	s.shares(st, dens)
	s.nested(st)
	s.small(st)
	return st
}

// put makes the variable of a cell at one state. Indicators that disagree about a
// cell speak of different cells.
func (s *system) put(st *state, f *Figure, k key, n float64) int {
	rule := s.policy[f.Indicator.Class]
	if v, ok := st.vars[k]; ok && s.vars[v].truth != n {
		k.measure += " " + f.Indicator.ID
	}
	c, ok := s.cellOf[k]
	if !ok {
		c = len(s.cells)
		s.cells = append(s.cells, cell{key: k})
		s.cellOf[k] = c
	}
	cl := &s.cells[c]
	cl.threshold = max(cl.threshold, rule.Threshold)
	cl.public = cl.public || rule.Threshold == 0
	cl.alone = cl.alone || rule.Contributors && f.Agencies == 1
	v, ok := s.varOf[valued{k, n}]
	if !ok {
		v = len(s.vars)
		s.vars = append(s.vars, variable{cell: c, truth: n})
		s.varOf[valued{k, n}] = v
	}
	st.vars[k] = v
	return v
}

// total states that parts make up a total; what they lack is one more unknown,
// which is shown nowhere. Parts that overlap say no more than that each fits.
func (s *system) total(total int, parts []int) {
	var sum float64
	row := []term{{total, -1}}
	for _, p := range parts {
		sum += s.vars[p].truth
		row = append(row, term{p, 1})
	}
	rest := s.vars[total].truth - sum
	if rest < 0 {
		for _, p := range parts {
			s.fits(p, total)
		}
		return
	}
	if rest > 0 {
		if s.known("row", row) {
			return
		}
		r := s.unshown(rest)
		row = append(row, term{r, 1})
		s.protect(form{terms: []term{{r, 1}}, truth: rest, threshold: s.threshold(slices.Concat(parts, []int{total})...), what: "lo que falta para " + s.name(total)})
		s.rows = append(s.rows, row)
		return
	}
	if !s.known("row", row) {
		s.rows = append(s.rows, row)
	}
}

// fits states that inner is a part of outer.
func (s *system) fits(inner, outer int) {
	rest := s.vars[outer].truth - s.vars[inner].truth
	row := []term{{outer, -1}, {inner, 1}}
	if rest < 0 || s.known("row", row) {
		return
	}
	s.rows = append(s.rows, append(row, term{s.unshown(rest), 1}))
}

func (s *system) unshown(n float64) int {
	s.vars = append(s.vars, variable{cell: -1, truth: n})
	return len(s.vars) - 1
}

// threshold is the highest that any of the cells demands; 0 when all are public.
func (s *system) threshold(vars ...int) float64 {
	var t float64
	public := true
	for _, v := range vars {
		if c := s.vars[v].cell; c >= 0 {
			t = max(t, s.cells[c].threshold)
			public = public && s.cells[c].public
		}
	}
	if public {
		return 0
	}
	return t
}

// protect adds a form that is small, unless all it speaks of is public.
func (s *system) protect(f form) {
	if f.threshold == 0 || f.truth >= f.threshold || s.known("form", f.terms) {
		return
	}
	s.forms = append(s.forms, f)
}

// small protects every cell below its threshold, and those of a single agency.
func (s *system) small(st *state) {
	for _, k := range sortedKeys(st.vars) {
		v := st.vars[k]
		c := s.cells[s.vars[v].cell]
		f := form{terms: []term{{v, 1}}, truth: s.vars[v].truth, threshold: c.threshold, what: s.name(v)}
		switch {
		case c.public:
		case f.truth > 0 && f.truth < c.threshold:
			s.protect(f)
		case f.truth > 0 && c.alone && !s.known("form", f.terms):
			s.forms = append(s.forms, f)
		}
	}
}

// known tells whether a row or form was added before, and remembers it.
func (s *system) known(kind string, terms []term) bool {
	sorted := slices.Clone(terms)
	slices.SortFunc(sorted, func(a, b term) int { return a.variable - b.variable })
	text := kind + fmt.Sprint(sorted)
	if s.have[text] {
		return true
	}
	s.have[text] = true
	return false
}

// name of a variable's cell, without its number.
func (s *system) name(v int) string {
	c := s.vars[v].cell
	if c < 0 {
		return "resto"
	}
	k := s.cells[c].key
	return strings.Join([]string{k.measure, k.start, k.end, k.dims}, " ")
}
