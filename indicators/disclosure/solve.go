package disclosure

import (
	"fmt"
	"math"
	"slices"
)

// solver finds what a reader can derive when some cells are hidden. What it found
// is kept: a block of unknowns that hang together has one verdict whatever is hidden
// elsewhere, and a table that a reader must hold possible stays so while all in
// which it differs from the truth stays hidden.
type solver struct {
	*system
	work    int              // what solving whole blocks has cost so far
	failing map[string][]int // forms of a block that do not hold
	byVar   [][]int          // forms of each variable
	rowsOf  [][]int
	far     [][2][]shift // of each form: what takes it to the lower bound, and to the upper
}

// shift is where a possible table differs from the true one.
type shift struct {
	variables []int
}

func newSolver(s *system) *solver {
	v := &solver{system: s, failing: map[string][]int{}, byVar: make([][]int, len(s.vars)), rowsOf: make([][]int, len(s.vars)), far: make([][2][]shift, len(s.forms))}
	for i, f := range s.forms {
		for _, t := range f.terms {
			v.byVar[t.variable] = append(v.byVar[t.variable], i)
		}
	}
	for i, r := range s.rows {
		for _, t := range r {
			v.rowsOf[t.variable] = append(v.rowsOf[t.variable], i)
		}
	}
	return v
}

// unknowns are the variables that a reader does not see when cells are hidden.
func (v *solver) unknowns(hidden []bool) []bool {
	out := make([]bool, len(v.vars))
	for i, x := range v.vars {
		out[i] = x.cell < 0 || hidden[x.cell]
	}
	return out
}

// leaks lists the forms, in order, that a reader can derive too closely who does
// not see the unknown variables.
func (v *solver) leaks(unknown []bool) []int { return v.find(unknown, false) }

// safe tells whether there are none.
func (v *solver) safe(unknown []bool) bool { return len(v.find(unknown, true)) == 0 }

// find lists the leaks, or, where one is enough, one of them.
func (v *solver) find(unknown []bool, one bool) []int {
	var out []int
	seen := make([]bool, len(v.vars))
	for i, f := range v.forms {
		if slices.ContainsFunc(f.terms, func(t term) bool { return unknown[t.variable] }) {
			continue
		}
		if !f.holds(f.truth, f.truth) {
			out = append(out, i)
		}
	}
	if one && len(out) > 0 {
		return out
	}
	for start := range v.vars {
		if seen[start] || !unknown[start] || len(v.byVar[start]) == 0 {
			continue
		}
		block := v.block(unknown, []int{start}, seen, len(v.vars), true)
		id := fmt.Sprint(block)
		bad, ok := v.failing[id]
		if !ok {
			bad = v.judge(unknown, block, one)
			if !one || len(bad) == 0 {
				v.failing[id] = bad
			}
		}
		if out = append(out, bad...); one && len(out) > 0 {
			return out
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// block collects the unknowns that hang together with some, through rows and, if
// asked, forms: the nearest first, up to a number.
func (v *solver) block(unknown []bool, start []int, seen []bool, most int, forms bool) []int {
	var out []int
	var queue []int
	take := func(variable int) {
		if !seen[variable] && unknown[variable] && len(queue)+len(out) < most {
			seen[variable] = true
			queue = append(queue, variable)
		}
	}
	for _, x := range start {
		take(x)
	}
	for len(queue) > 0 {
		x := queue[0]
		queue = queue[1:]
		out = append(out, x)
		for _, r := range v.rowsOf[x] {
			for _, t := range v.rows[r] {
				take(t.variable)
			}
		}
		if !forms {
			continue
		}
		for _, f := range v.byVar[x] {
			for _, t := range v.forms[f].terms {
				take(t.variable)
			}
		}
	}
	slices.Sort(out)
	return out
}

// near is how many unknowns around a form are moved first, all others being left as
// they are: what can be reached so can be reached.
const near = 24

// judge finds the forms of one block that do not hold; only the first, where one is
// enough.
func (v *solver) judge(unknown []bool, block []int, one bool) []int {
	var forms, out []int
	for _, x := range block {
		forms = append(forms, v.byVar[x]...)
	}
	slices.Sort(forms)
	forms = slices.Compact(forms)
	var whole *bounded
	for _, i := range forms {
		if v.reachedBefore(i, unknown) {
			continue
		}
		var start []int
		for _, t := range v.forms[i].terms {
			start = append(start, t.variable)
		}
		holds := near < len(block) && v.holds(i, v.reduce(v.block(unknown, start, make([]bool, len(v.vars)), near, false)))
		if !holds {
			v.work += len(block) * len(block)
			if whole == nil {
				whole = v.reduce(block)
			}
			holds = v.holds(i, whole)
		}
		if !holds {
			if out = append(out, i); one {
				return out
			}
		}
	}
	return out
}

// holds tells whether a form's interval over a block, all else being known, leaves
// enough room, and remembers why.
func (v *solver) holds(i int, b *bounded) bool {
	f := &v.forms[i]
	b.walk()
	goal, constant := b.goal(f)
	low, high := b.reached(goal)
	if !f.holds(low+constant, high+constant) {
		low, high = b.extremes(goal, low, high)
	}
	// A count is whole: what lies between two whole numbers is none.
	low, high = math.Ceil(low+constant-rounding), math.Floor(high+constant+rounding)
	if !f.holds(low, high) {
		return false
	}
	if f.truth < f.threshold {
		v.remember(i, 0, b, goal, constant, func(x float64) bool { return x <= rounding })
		v.remember(i, 1, b, goal, constant, func(x float64) bool { return x >= f.threshold-rounding })
	}
	return true
}

// remember keeps one point or direction of a block that takes a form far enough.
func (v *solver) remember(i, side int, b *bounded, goal []float64, constant float64, enough func(float64) bool) {
	keep := func(moved func(k int) bool) {
		s := shift{}
		for k, x := range b.block {
			if moved(k) {
				s.variables = append(s.variables, x)
			}
		}
		v.far[i][side] = append(v.far[i][side], s)
	}
	best := -1
	for p, point := range b.points { // the one that moves least keeps longest
		if enough(dot(goal, point)+constant) && (best < 0 || b.distance(point) < b.distance(b.points[best])) {
			best = p
		}
	}
	if best >= 0 {
		keep(func(k int) bool { return math.Abs(b.points[best][k]-b.truth[k]) > rounding })
		return
	}
	for _, r := range b.rays {
		if x := dot(goal, r); x > 0 && side == 1 || x < 0 && side == 0 {
			keep(func(k int) bool { return r[k] != 0 })
			return
		}
	}
}

// reachedBefore tells whether both bounds of a form are reached by possible tables
// that differ from the truth in what is still unknown alone.
func (v *solver) reachedBefore(i int, unknown []bool) bool {
	for _, side := range v.far[i] {
		if !slices.ContainsFunc(side, func(s shift) bool {
			return !slices.ContainsFunc(s.variables, func(x int) bool { return !unknown[x] })
		}) {
			return false
		}
	}
	return true
}

// rounding is how far a computed bound may be from the true one.
const rounding = 1e-6
