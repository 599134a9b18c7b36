package disclosure

import (
	"fmt"
	"slices"
	"time"

	"github.com/gttim/cauce/indicators"
)

// clocks are the days and loads at which something of a set of figures changes:
// between two of them a reader sees one state.
type clocks struct {
	days  []time.Time
	loads []int
}

func clocksOf(sets ...[]*Figure) clocks {
	var c clocks
	for _, figures := range sets {
		for _, f := range figures {
			c.days = append(c.days, f.Span.From)
			c.loads = append(c.loads, f.Span.LoadFrom)
			if !f.Span.To.IsZero() {
				c.days = append(c.days, f.Span.To)
			}
			if f.Span.LoadTo != 0 {
				c.loads = append(c.loads, f.Span.LoadTo)
			}
		}
	}
	return c.sorted()
}

func (c clocks) sorted() clocks {
	slices.SortFunc(c.days, time.Time.Compare)
	slices.Sort(c.loads)
	return clocks{slices.CompactFunc(c.days, time.Time.Equal), slices.Compact(c.loads)}
}

// holds tells whether a figure was in force on a day as known at a load.
func holds(s indicators.Span, day time.Time, load int) bool {
	return !day.Before(s.From) && (s.To.IsZero() || day.Before(s.To)) && load >= s.LoadFrom && (s.LoadTo == 0 || load < s.LoadTo)
}

// at gives the figures in force, with a text that tells states apart.
func at(figures []*Figure, day time.Time, load int) (in []*Figure, id string) {
	var ids []int
	for i, f := range figures {
		if holds(f.Span, day, load) {
			in = append(in, f)
			ids = append(ids, i)
		}
	}
	return in, fmt.Sprint(ids)
}

// stay tells which states of a group of figures stay public.
type stay struct {
	clocks
	kept [][]bool // by load and day
}

func (s *stay) at(day time.Time, load int) bool {
	l, _ := slices.BinarySearch(s.loads, load+1)
	d, exact := slices.BinarySearchFunc(s.days, day, time.Time.Compare)
	if exact {
		d++
	}
	return l == 0 || d == 0 || s.kept[l-1][d-1] // before all there is nothing to withhold
}

// keep decides which states of a group stay public: the current one, and of the
// earlier ones, newest first, those in which no cell differs by a small number from
// one that stays. It gives the system of what stays.
func keep(p Policy, h Hierarchy, figures []*Figure) (*system, *stay) {
	c := clocksOf(figures)
	s, out := newSystem(p, h), &stay{clocks: c, kept: make([][]bool, len(c.loads))}
	known := map[string]bool{}
	var public []map[key]float64
	for l := len(c.loads) - 1; l >= 0; l-- {
		out.kept[l] = make([]bool, len(c.days))
		for d := len(c.days) - 1; d >= 0; d-- {
			in, id := at(figures, c.days[d], c.loads[l])
			if _, seen := known[id]; !seen {
				values, thresholds := counts(p, in)
				known[id] = !slices.ContainsFunc(public, func(o map[key]float64) bool { return differs(values, o, thresholds) })
				if known[id] {
					public = append(public, values)
					s.add(in)
				}
			}
			out.kept[l][d] = known[id]
		}
	}
	return s, out
}

// counts are the cells of one state with what each class demands; a public cell,
// whose vintages the agency published itself, demands nothing.
func counts(p Policy, figures []*Figure) (values, thresholds map[key]float64) {
	s := newSystem(p, nil)
	st := &state{vars: map[key]int{}}
	dens := denominators(figures)
	for _, f := range figures {
		if !countable(f.Value) {
			continue
		}
		s.put(st, f, numeratorKey(f), *f.Value.Numerator)
		if k, ok := dens[f]; ok {
			s.put(st, f, k, *f.Value.Denom)
		}
	}
	values, thresholds = map[key]float64{}, map[key]float64{}
	for k, v := range st.vars {
		values[k] = s.vars[v].truth
		if c := s.cells[s.vars[v].cell]; !c.public {
			thresholds[k] = c.threshold
		}
	}
	return values, thresholds
}

func differs(a, b, thresholds map[key]float64) bool {
	for k, x := range a {
		y, both := b[k]
		if d := max(x-y, y-x); both && d > 0 && d < thresholds[k] {
			return true
		}
	}
	return false
}

// piece is a part of a figure's rectangle in which it is shown or withheld.
type piece struct {
	span  indicators.Span
	shown bool
}

// cut parts a figure's rectangle where states that stay meet those that do not.
func cut(f *Figure, c clocks, stays func(day time.Time, load int) bool) []piece {
	var out []piece
	var open []int // pieces that reach the load in hand
	for l, load := range c.loads {
		if load < f.Span.LoadFrom || f.Span.LoadTo != 0 && load >= f.Span.LoadTo {
			continue
		}
		loadTo := f.Span.LoadTo
		if l+1 < len(c.loads) {
			loadTo = c.loads[l+1]
		}
		var next []int
		for _, p := range stretches(f, c.days, load, stays) {
			p.span.LoadFrom, p.span.LoadTo = load, loadTo
			i := slices.IndexFunc(open, func(i int) bool {
				o := out[i]
				return o.shown == p.shown && o.span.From.Equal(p.span.From) && o.span.To.Equal(p.span.To)
			})
			if i >= 0 {
				out[open[i]].span.LoadTo = loadTo
				next = append(next, open[i])
				continue
			}
			out = append(out, p)
			next = append(next, len(out)-1)
		}
		open = next
	}
	return out
}

// stretches parts a figure's days at one load.
func stretches(f *Figure, days []time.Time, load int, stays func(day time.Time, load int) bool) []piece {
	var out []piece
	for d, day := range days {
		if day.Before(f.Span.From) || !f.Span.To.IsZero() && !day.Before(f.Span.To) {
			continue
		}
		to := f.Span.To
		if d+1 < len(days) {
			to = days[d+1]
		}
		shown := stays(day, load)
		if n := len(out); n > 0 && out[n-1].shown == shown {
			out[n-1].span.To = to
			continue
		}
		out = append(out, piece{indicators.Span{From: day, To: to}, shown})
	}
	return out
}
