package disclosure

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/gttim/cauce/data"
	"github.com/gttim/cauce/indicators"
)

// What readers are told where a figure is not shown. Which of several hidden cells
// is the small one is never told.
const (
	NoteHidden   = "Dato suprimido por confidencialidad estadística."
	NoteWithheld = "La cifra se revisó después: la diferencia es confidencial y solo se muestra la vigente."
)

// Control holds what disclosure control needs to know of the declarations.
type Control struct {
	policy    Policy
	hierarchy Hierarchy
	catalog   map[string]*indicators.Indicator
	protected []string
	related   []string
}

// New reads the policy and finds the indicators that are protected and those that
// show the same cells.
func New(d *data.Declarations, catalog []*indicators.Indicator) (*Control, error) {
	p, err := Load(d)
	if err != nil {
		return nil, err
	}
	c := &Control{policy: p, hierarchy: hierarchyOf(d, catalog), catalog: map[string]*indicators.Indicator{}}
	shared := map[string]bool{}
	for _, ind := range catalog {
		c.catalog[ind.ID] = ind
		if p[ind.Class].Threshold > 0 {
			c.protected = append(c.protected, ind.ID)
			n, m := measures(ind)
			shared[n], shared[m] = true, true
		}
	}
	for _, ind := range catalog {
		n, m := measures(ind)
		if p[ind.Class].Threshold == 0 && (shared[n] || shared[m]) {
			c.related = append(c.related, ind.ID)
		}
	}
	return c, nil
}

// partOf is the column of a catalogue that names the code of which a code is a part.
const partOf = "parte_de"

func hierarchyOf(d *data.Declarations, catalog []*indicators.Indicator) Hierarchy {
	h := Hierarchy{}
	for _, ind := range catalog {
		for _, dim := range ind.Dimensions {
			t := d.Reference[dim.Catalog]
			if t == nil || t.Column(partOf) < 0 {
				continue
			}
			for _, row := range t.Rows {
				if up := row[t.Column(partOf)]; up != "" && up != row[0] {
					if h[dim.ID] == nil {
						h[dim.ID] = map[string]string{}
					}
					h[dim.ID][row[0]] = up
				}
			}
		}
	}
	return h
}

// Hash changes when the policy, or what is part of what, does.
func (c *Control) Hash() string {
	return fmt.Sprint(c.policy, c.hierarchy) // maps print in order of their keys
}

// Text tells readers what a class hides.
func (c *Control) Text(class data.Class) string {
	r := c.policy[class]
	if r.Threshold == 0 {
		return r.Text
	}
	return fmt.Sprintf("%s Umbral: %.0f.", r.Text, r.Threshold)
}

// Protected lists the indicators of a class with a threshold. Where there is none,
// nothing is to be done.
func (c *Control) Protected() []string { return c.protected }

// Related lists the public indicators that show cells of protected ones.
func (c *Control) Related() []string { return c.related }

// Disclose decides over all figures of the protected and related indicators, at
// every point of both clocks, and gives what may be published of the protected
// ones: figures as they are, or emptied and marked suprimido. A cell that is hidden
// at one vintage is hidden at all.
func (c *Control) Disclose(figures []*Figure) []*Figure {
	hidden := map[key]bool{}
	verdicts := map[*Figure][]*stay{}
	for _, g := range c.groups(figures) {
		s, v := keep(c.policy, c.hierarchy, g)
		for cell, h := range newSolver(s).suppress() {
			if h {
				hidden[s.cells[cell].key] = true
			}
		}
		for _, f := range g {
			verdicts[f] = append(verdicts[f], v)
		}
	}
	var out []*Figure
	dens := statewise(figures)
	for _, f := range figures {
		if !slices.Contains(c.protected, f.Indicator.ID) {
			continue
		}
		vs := verdicts[f]
		switch {
		case blank(f.Value) && f.Value.Status != indicators.StatusSuppressed:
			out = append(out, shown(f, f.Span))
		case len(vs) == 0, c.mentions(hidden, f, dens[f]): // without counts nothing can be judged
			out = append(out, emptied(f, f.Span, NoteHidden))
		default:
			var all clocks
			for _, v := range vs {
				all.days, all.loads = append(all.days, v.days...), append(all.loads, v.loads...)
			}
			for _, p := range cut(f, all.sorted(), func(day time.Time, load int) bool {
				return !slices.ContainsFunc(vs, func(v *stay) bool { return !v.at(day, load) })
			}) {
				if p.shown {
					out = append(out, shown(f, p.span))
				} else {
					out = append(out, emptied(f, p.span, NoteWithheld))
				}
			}
		}
	}
	return out
}

// mentions tells whether a figure shows a hidden cell.
func (c *Control) mentions(hidden map[key]bool, f *Figure, dens []key) bool {
	for _, k := range append([]key{numeratorKey(f)}, dens...) {
		own := k
		own.measure += " " + f.Indicator.ID
		if hidden[k] || hidden[own] {
			return true
		}
	}
	return false
}

// statewise gives the cells that each figure's denominator is, at all states.
func statewise(figures []*Figure) map[*Figure][]key {
	out := map[*Figure][]key{}
	byIndicator := map[string][]*Figure{}
	for _, f := range figures {
		g := f.Indicator.ID + " " + f.Value.Start + " " + f.Value.End
		byIndicator[g] = append(byIndicator[g], f)
	}
	for _, list := range byIndicator {
		c := clocksOf(list)
		seen := map[string]bool{}
		for _, l := range c.loads {
			for _, d := range c.days {
				in, id := at(list, d, l)
				if seen[id] {
					continue
				}
				seen[id] = true
				for f, k := range denominators(in) {
					if !slices.Contains(out[f], k) {
						out[f] = append(out[f], k)
					}
				}
			}
		}
	}
	return out
}

// groups parts the figures into those that can say something of each other.
func (c *Control) groups(figures []*Figure) [][]*Figure {
	s := newSystem(c.policy, c.hierarchy)
	dens := statewise(figures)
	keys := map[key]int{}
	var parent []int
	root := func(i int) int {
		for parent[i] != i {
			parent[i] = parent[parent[i]]
			i = parent[i]
		}
		return i
	}
	number := func(k key) int {
		i, ok := keys[k]
		if !ok {
			i = len(parent)
			keys[k] = i
			parent = append(parent, i)
		}
		return i
	}
	for _, f := range figures {
		if !countable(f.Value) {
			continue
		}
		n := number(numeratorKey(f))
		for _, k := range dens[f] {
			if d := number(k); share(f) {
				parent[root(d)] = root(n)
			}
		}
	}
	byDims := map[string][]key{}
	for k := range keys {
		byDims[k.measure+" "+k.dims] = append(byDims[k.measure+" "+k.dims], k)
	}
	for k, i := range keys {
		for _, w := range s.wider(k) {
			for _, o := range byDims[w.measure+" "+w.dims] {
				if k.within(o) {
					parent[root(keys[o])] = root(i)
				}
			}
		}
	}
	members := map[int][]*Figure{}
	for _, f := range figures {
		if !countable(f.Value) {
			continue
		}
		in := map[int]bool{root(keys[numeratorKey(f)]): true}
		for _, k := range dens[f] {
			in[root(keys[k])] = true
		}
		for r := range in {
			members[r] = append(members[r], f)
		}
	}
	var out [][]*Figure
	for r := range parent {
		if g := members[r]; len(g) > 0 {
			out = append(out, g)
		}
	}
	return out
}

// emptied is a figure without its figure and without all that would give it back.
func emptied(f *Figure, span indicators.Span, note string) *Figure {
	v := *f.Value
	v.Value, v.Numerator, v.Denom, v.Low, v.High = nil, nil, nil, nil, nil
	v.Status, v.Notes, v.Attributes = indicators.StatusSuppressed, []string{note}, map[string]any{}
	return &Figure{Indicator: f.Indicator, Value: &v, Span: span, Agencies: f.Agencies}
}

// shown is a figure as it may be seen: what an indicator's SQL adds to it in words
// with numbers, or as numbers, could speak of other cells and is left out.
func shown(f *Figure, span indicators.Span) *Figure {
	v := *f.Value
	v.Notes, v.Attributes = []string{}, map[string]any{}
	for _, n := range f.Value.Notes {
		if !strings.ContainsAny(n, "0123456789") {
			v.Notes = append(v.Notes, n)
		}
	}
	for k, x := range f.Value.Attributes {
		if b, ok := x.(bool); ok {
			v.Attributes[k] = b
		}
	}
	return &Figure{Indicator: f.Indicator, Value: &v, Span: span, Agencies: f.Agencies}
}
