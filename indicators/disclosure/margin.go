package disclosure

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/gttim/cauce/indicators"
)

// share tells whether an indicator's numerator is a part of its denominator.
func share(f *Figure) bool { return f.Indicator.Calculation == indicators.Percent }

// shares states, of the shares of one denominator over the same dimensions, that
// their numerators make it up.
func (s *system) shares(st *state, dens map[*Figure]key) {
	groups := map[string][]int{}
	totals := map[string]int{}
	for _, f := range st.figures {
		k, ok := dens[f]
		if !ok || !share(f) || !countable(f.Value) {
			continue
		}
		n, d := st.variable(numeratorKey(f), f), st.variable(k, f)
		if n < 0 || d < 0 || n == d {
			continue
		}
		signature := strings.Join(slices.Sorted(maps.Keys(f.Value.Dimensions)), ",")
		g := f.Indicator.ID + " " + signature + " " + s.name(d)
		if !slices.Contains(groups[g], n) {
			groups[g] = append(groups[g], n)
		}
		totals[g] = d
	}
	for _, g := range slices.Sorted(maps.Keys(groups)) {
		s.total(totals[g], s.top(groups[g]))
	}
}

// variable of a figure's cell at this state; -1 when there is none.
func (st *state) variable(k key, f *Figure) int {
	own := k
	own.measure += " " + f.Indicator.ID
	if v, ok := st.vars[own]; ok {
		return v
	}
	if v, ok := st.vars[k]; ok {
		return v
	}
	return -1
}

// top leaves out the parts that are themselves parts of another one listed.
func (s *system) top(parts []int) []int {
	listed := map[key]bool{}
	for _, p := range parts {
		listed[s.cells[s.vars[p].cell].key] = true
	}
	var out []int
	for _, p := range parts {
		if !slices.ContainsFunc(s.parents(s.cells[s.vars[p].cell].key), func(k key) bool { return listed[k] }) {
			out = append(out, p)
		}
	}
	return out
}

// parents of a key: one dimension's code replaced by the one that contains it.
func (s *system) parents(k key) []key {
	var out []key
	dims := k.dimensions()
	for d, code := range dims {
		up, ok := s.hierarchy[d][code]
		if !ok {
			continue
		}
		wider := maps.Clone(dims)
		wider[d] = up
		out = append(out, key{k.measure, k.start, k.end, encode(wider)})
	}
	return out
}

// margins states every margin between the cells of one state: a cell over all
// codes of the dimensions it lacks, over the codes that its own contain, and over
// the periods that make up its own.
func (s *system) margins(st *state) {
	parts := map[margin][]int{}
	add := func(k key, codes string, part int) {
		if t, ok := st.vars[k]; ok && t != part {
			parts[margin{t, codes}] = append(parts[margin{t, codes}], part)
		}
	}
	periods := map[string][]key{}
	for _, k := range sortedKeys(st.vars) {
		dims := k.dimensions()
		names := slices.Sorted(maps.Keys(dims))
		signature := strings.Join(names, ",")
		for mask := range 1<<len(names) - 1 {
			fewer := map[string]string{}
			for i, n := range names {
				if mask>>i&1 == 1 {
					fewer[n] = dims[n]
				}
			}
			add(key{k.measure, k.start, k.end, encode(fewer)}, signature, st.vars[k])
		}
		for d, code := range dims {
			if up, ok := s.hierarchy[d][code]; ok {
				wider := maps.Clone(dims)
				wider[d] = up
				add(key{k.measure, k.start, k.end, encode(wider)}, signature+" < "+d, st.vars[k])
			}
		}
		g := k.measure + " " + k.dims
		periods[g] = append(periods[g], k)
	}
	for m, list := range parts {
		if !strings.Contains(m.codes, " < ") {
			parts[m] = s.top(list)
		}
	}
	for _, m := range slices.SortedFunc(maps.Keys(parts), func(a, b margin) int {
		return cmp.Or(cmp.Compare(a.total, b.total), cmp.Compare(a.codes, b.codes))
	}) {
		if !s.implied(m, parts) {
			s.total(m.total, parts[m])
		}
	}
	for _, g := range slices.Sorted(maps.Keys(periods)) {
		s.tile(st, periods[g])
	}
}

// margin is a total and the dimensions of the parts that it is summed over.
type margin struct {
	total int
	codes string
}

// adds tells whether the parts of a margin are exactly its total.
func (s *system) adds(m margin, parts map[margin][]int) bool {
	var sum float64
	for _, p := range parts[m] {
		sum += s.vars[p].truth
	}
	return len(parts[m]) > 0 && sum == s.vars[m.total].truth
}

// implied tells whether a margin follows from coarser ones: its total is the sum of
// parts that are each the sum of the same finer ones.
func (s *system) implied(m margin, parts map[margin][]int) bool {
	for other, list := range parts {
		if other.total != m.total || len(other.codes) >= len(m.codes) || strings.Contains(m.codes+other.codes, " < ") || !s.adds(other, parts) {
			continue
		}
		if !slices.ContainsFunc(list, func(p int) bool { return !s.adds(margin{p, m.codes}, parts) }) && s.adds(m, parts) {
			return true
		}
	}
	return false
}

// tile states which periods make up a longer one, by the shortest and by the
// longest periods that follow on each other.
func (s *system) tile(st *state, keys []key) {
	if len(keys) < 2 {
		return
	}
	byLength := func(a, b key) int {
		return cmp.Or(cmp.Compare(a.start, b.start), cmp.Compare(a.end, b.end))
	}
	slices.SortFunc(keys, byLength)
	for _, whole := range keys {
		for _, longest := range []bool{false, true} {
			var parts []int
			next := whole.start
			for next != "" && next <= whole.end {
				best := key{}
				for _, k := range keys {
					if k.start == next && k.end <= whole.end && k != whole && (best == key{} || longest) {
						best = k
					}
				}
				if (best == key{}) {
					parts = nil
					break
				}
				parts = append(parts, st.vars[best])
				next = dayAfter(best.end)
			}
			if len(parts) > 1 {
				s.total(st.vars[whole], parts)
			}
		}
	}
}

// nested protects what a cell lacks to one that contains it: of fewer dimensions,
// of a wider code, of a longer period, or the denominator of its share. A cell
// that is all of a wider one of its period tells everybody's category.
func (s *system) nested(st *state) {
	pair := func(inner, outer int, samePeriod bool) {
		rest := s.vars[outer].truth - s.vars[inner].truth
		if inner == outer || rest < 0 || s.vars[inner].truth == 0 || rest == 0 && !samePeriod {
			return
		}
		s.protect(form{
			terms: []term{{outer, 1}, {inner, -1}}, truth: rest, threshold: s.threshold(inner, outer),
			what: "lo que falta a " + s.name(inner) + " para " + s.name(outer),
		})
	}
	byDims := map[string][]key{}
	keys := sortedKeys(st.vars)
	for _, k := range keys {
		byDims[k.measure+" "+k.dims] = append(byDims[k.measure+" "+k.dims], k)
	}
	for _, k := range keys {
		for _, wider := range s.wider(k) {
			for _, o := range byDims[wider.measure+" "+wider.dims] {
				if k.within(o) && o != k {
					same := k.start == o.start && k.end == o.end
					pair(st.vars[k], st.vars[o], same)
					between := key{k.measure, o.start, o.end, k.dims}
					if _, chained := st.vars[between]; !same && (between == o || !chained) {
						s.fits(st.vars[k], st.vars[o])
					}
				}
			}
		}
	}
	for _, n := range slices.Sorted(maps.Keys(st.outer)) {
		pair(n, st.outer[n], true)
	}
}

// wider gives a key and those of which it is a part, whatever their period.
func (s *system) wider(k key) []key {
	dims := k.dimensions()
	seen := map[string]bool{}
	var out []key
	var walk func(d map[string]string)
	walk = func(d map[string]string) {
		text := encode(d)
		if seen[text] {
			return
		}
		seen[text] = true
		out = append(out, key{k.measure, k.start, k.end, text})
		for _, name := range slices.Sorted(maps.Keys(d)) {
			less := maps.Clone(d)
			if up, ok := s.hierarchy[name][d[name]]; ok {
				less[name] = up
				walk(less)
			}
			less = maps.Clone(d)
			delete(less, name)
			walk(less)
		}
	}
	walk(dims)
	return out
}

func sortedKeys(m map[key]int) []key {
	return slices.SortedFunc(maps.Keys(m), func(a, b key) int {
		return cmp.Or(cmp.Compare(a.measure, b.measure), cmp.Compare(a.start, b.start), cmp.Compare(a.end, b.end), cmp.Compare(a.dims, b.dims))
	})
}
