package disclosure

import (
	"cmp"
	"slices"
)

// enough is the work after which a choice that holds is not made better: tables of
// some hundred cells that hang together reach it, and lose a few cells more.
const enough = 5_000_000

// suppress chooses the cells to hide: those that must be, then companions until no
// form can be derived too closely. It tries two orders of companions, shows again
// what turned out not to be needed, and takes the choice that loses fewer cells.
func (v *solver) suppress() []bool {
	first := v.primary()
	var best []bool
	for _, spread := range []bool{true, false} {
		if best != nil && v.work > enough {
			break
		}
		hidden := v.spare(v.cover(slices.Clone(first), spread), first)
		if best == nil || cmp.Or(cmp.Compare(v.count(hidden), v.count(best)), cmp.Compare(v.lost(hidden), v.lost(best))) < 0 {
			best = hidden
		}
	}
	return best
}

// primary are the cells that no choice may show: small ones and those of a single
// agency. Of a cell and a wider one that differ by a small number either will do.
func (v *solver) primary() []bool {
	hidden := make([]bool, len(v.cells))
	for _, f := range v.forms {
		if c := v.vars[f.terms[0].variable].cell; len(f.terms) == 1 && c >= 0 {
			hidden[c] = true
		}
	}
	return hidden
}

// cover hides companions, one for each form that does not hold, until all do or
// nothing is left to hide.
func (v *solver) cover(hidden []bool, spread bool) []bool {
	for {
		v.fill(hidden, spread)
		more := false
		touched := map[int]bool{}
		for _, f := range v.leaks(v.unknowns(hidden)) {
			if slices.ContainsFunc(v.forms[f].terms, func(t term) bool { return touched[t.variable] }) {
				continue
			}
			c := v.companion(hidden, &v.forms[f], spread)
			if c >= 0 {
				hidden[c], more = true, true
				for _, r := range v.rowsWith(c) {
					for _, t := range v.rows[r] {
						touched[t.variable] = true
					}
				}
			}
		}
		if !more {
			return hidden
		}
	}
}

// fill hides companions where one row alone says that there are too few: what is
// hidden in it adds up to a known number that leaves a protected cell no room.
func (v *solver) fill(hidden []bool, spread bool) {
	for more := true; more; {
		more = false
		unknown := v.unknowns(hidden)
		for _, row := range v.rows {
			var sum, need, sign float64
			bounds := true
			var open *form
			for _, t := range row {
				if !unknown[t.variable] {
					continue
				}
				bounds = bounds && (sign == 0 || sign == t.factor)
				sign = t.factor
				sum += v.vars[t.variable].truth
				for _, f := range v.byVar[t.variable] {
					if x := &v.forms[f]; len(x.terms) == 1 && x.threshold > need {
						need, open = x.threshold, x
					}
				}
			}
			if !bounds || open == nil || sum >= need {
				continue
			}
			best := -1
			for _, t := range row {
				c := v.vars[t.variable].cell
				if !unknown[t.variable] && !v.cells[c].public && (best < 0 || v.order(unknown, spread, c, best) < 0) {
					best = c
				}
			}
			if best >= 0 {
				hidden[best], more = true, true
				unknown = v.unknowns(hidden)
			}
		}
	}
}

// companion is the next cell to hide for a form: the smallest of the rows that the
// form's unknowns stand in, and of those further off only when none is left there.
// With spread a cell is taken first whose other rows hide something already.
func (v *solver) companion(hidden []bool, f *form, spread bool) int {
	unknown := v.unknowns(hidden)
	seen := make([]bool, len(v.vars))
	var ring []int
	for _, t := range f.terms {
		seen[t.variable] = true
		ring = append(ring, t.variable)
	}
	for len(ring) > 0 {
		var next, candidates []int
		for _, x := range ring {
			if c := v.vars[x].cell; c >= 0 && !hidden[c] && !v.cells[c].public {
				candidates = append(candidates, c)
			}
			for _, r := range v.rowsOf[x] {
				for _, t := range v.rows[r] {
					c := v.vars[t.variable].cell
					switch {
					case unknown[t.variable]:
						if !seen[t.variable] {
							seen[t.variable] = true
							next = append(next, t.variable)
						}
					case !v.cells[c].public:
						candidates = append(candidates, c)
					}
				}
			}
		}
		if len(candidates) > 0 {
			return slices.MinFunc(candidates, func(a, b int) int { return v.order(unknown, spread, a, b) })
		}
		ring = next
	}
	return -1
}

// order puts first, of two cells, the one to hide.
func (v *solver) order(unknown []bool, spread bool, a, b int) int {
	if spread {
		if x := cmp.Compare(v.bare(unknown, a), v.bare(unknown, b)); x != 0 {
			return x
		}
	}
	// Of cells of one size the finer: a total is looked for by more readers.
	return cmp.Or(cmp.Compare(v.size(a), v.size(b)), cmp.Compare(len(v.cells[b].key.dims), len(v.cells[a].key.dims)), cmp.Compare(a, b))
}

func (v *solver) rowsWith(c int) []int {
	var out []int
	for x := range v.vars {
		if v.vars[x].cell == c {
			out = append(out, v.rowsOf[x]...)
		}
	}
	return out
}

// bare counts the rows of a cell in which nothing is hidden yet: each would need a
// companion of its own.
func (v *solver) bare(unknown []bool, c int) int {
	n := 0
	for _, r := range v.rowsWith(c) {
		if !slices.ContainsFunc(v.rows[r], func(t term) bool { return unknown[t.variable] }) {
			n++
		}
	}
	return n
}

// size of a cell is its largest value at any vintage.
func (v *solver) size(c int) float64 {
	var n float64
	for _, x := range v.vars {
		if x.cell == c {
			n = max(n, x.truth)
		}
	}
	return n
}

// spare shows again, the largest first, what need not be hidden.
func (v *solver) spare(hidden, first []bool) []bool {
	if !v.safe(v.unknowns(hidden)) {
		return hidden
	}
	var extra []int
	for c := range hidden {
		if hidden[c] && !first[c] {
			extra = append(extra, c)
		}
	}
	slices.SortFunc(extra, func(a, b int) int {
		return cmp.Or(cmp.Compare(v.size(b), v.size(a)), cmp.Compare(a, b))
	})
	for _, c := range extra {
		if v.work > enough {
			break
		}
		hidden[c] = false
		hidden[c] = !v.safe(v.unknowns(hidden))
	}
	return hidden
}

func (v *solver) count(hidden []bool) int {
	n := 0
	for _, h := range hidden {
		if h {
			n++
		}
	}
	return n
}

func (v *solver) lost(hidden []bool) float64 {
	var n float64
	for c, h := range hidden {
		if h {
			n += v.size(c)
		}
	}
	return n
}
