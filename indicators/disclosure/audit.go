package disclosure

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/gttim/cauce/indicators"
)

// ErrLeak means that what is about to be published, or was, shows or gives away what
// must stay hidden.
var ErrLeak = errors.New("disclosure")

// mostLeaks is how many leaks an error names.
const mostLeaks = 10

// Audit takes what was published of the protected and related indicators, at every
// point of both clocks, as what a reader knows, and finds for each number that must
// stay hidden the interval that the reader can derive. An interval that is too
// narrow is an ErrLeak, and so is a hidden figure that still says something. truth
// is what was computed. The error names cells, never their numbers.
func (c *Control) Audit(truth, published []*Figure) error {
	var found []string
	for _, f := range published {
		if problem := c.speaks(f); problem != "" {
			found = append(found, problem+": "+strings.Join([]string{f.Indicator.ID, f.Value.Start, f.Value.End, encode(f.Value.Dimensions)}, " "))
		}
	}
	for _, g := range c.groups(truth) {
		found = append(found, c.derive(g, published)...)
	}
	if len(found) == 0 {
		return nil
	}
	slices.Sort(found)
	found = slices.Compact(found)
	more := ""
	if n := len(found) - mostLeaks; n > 0 {
		more = fmt.Sprintf("; and %d more", n)
		found = found[:mostLeaks]
	}
	return fmt.Errorf("%w: %s%s", ErrLeak, strings.Join(found, "; "), more)
}

// speaks says what is wrong with a figure that is marked as hidden and is not
// empty, or with a protected one that says more than its numbers.
func (c *Control) speaks(f *Figure) string {
	if !slices.Contains(c.protected, f.Indicator.ID) {
		return ""
	}
	v := f.Value
	for _, x := range v.Attributes {
		if _, ok := x.(bool); !ok {
			return "an attribute says more than yes or no"
		}
	}
	for _, n := range v.Notes {
		if strings.ContainsAny(n, "0123456789") {
			return "a note holds a number"
		}
	}
	if v.Status != indicators.StatusSuppressed {
		return ""
	}
	switch {
	case !blank(v):
		return "a suppressed figure holds a number"
	case len(v.Attributes) > 0:
		return "a suppressed figure holds attributes"
	case len(v.Notes) != 1 || v.Notes[0] != NoteHidden && v.Notes[0] != NoteWithheld:
		return "a suppressed figure holds another note than why"
	}
	return ""
}

// derive finds what a reader can work out within one group of figures.
func (c *Control) derive(group, published []*Figure) []string {
	mine := map[string]bool{}
	for _, f := range group {
		mine[f.Indicator.ID+" "+f.Value.Start+" "+f.Value.End+" "+encode(f.Value.Dimensions)] = true
	}
	var seen []*Figure
	for _, f := range published {
		if mine[f.Indicator.ID+" "+f.Value.Start+" "+f.Value.End+" "+encode(f.Value.Dimensions)] {
			seen = append(seen, f)
		}
	}
	s := newSystem(c.policy, c.hierarchy)
	read := map[int]bool{}
	known := map[string]bool{}
	clocks := clocksOf(group, seen)
	for _, load := range clocks.loads {
		for _, day := range clocks.days {
			in, id := at(group, day, load)
			shown, shownID := at(seen, day, load)
			if known[id+shownID] {
				continue
			}
			known[id+shownID] = true
			c.read(s.add(in), shown, read)
		}
	}
	s.vintages()
	unknown := make([]bool, len(s.vars))
	for i := range unknown {
		unknown[i] = !read[i]
	}
	var out []string
	v := newSolver(s)
	for _, i := range v.leaks(unknown) {
		out = append(out, "can be derived: "+s.forms[i].what)
	}
	return out
}

// read marks what the published figures of one state show. A value whose numerator
// or denominator is not shown gives it away all the same: the other one is known, a
// population, or shown elsewhere.
func (c *Control) read(st *state, published []*Figure, read map[int]bool) {
	truth := map[string]*Figure{}
	id := func(f *Figure) string {
		return f.Indicator.ID + " " + f.Value.Start + " " + f.Value.End + " " + encode(f.Value.Dimensions)
	}
	for _, f := range st.figures {
		truth[id(f)] = f
	}
	dens := denominators(st.figures)
	for _, p := range published {
		f := truth[id(p)]
		if f == nil || !countable(f.Value) {
			continue
		}
		given := p.Value.Value != nil || p.Value.Low != nil || p.Value.High != nil
		if p.Value.Numerator != nil || given {
			if v := st.variable(numeratorKey(f), f); v >= 0 {
				read[v] = true
			}
		}
		if k, ok := dens[f]; ok && (p.Value.Denom != nil || given) {
			if v := st.variable(k, f); v >= 0 {
				read[v] = true
			}
		}
	}
}

// vintages protects the small differences between what a cell is at two vintages.
func (s *system) vintages() {
	of := map[int][]int{}
	for v, x := range s.vars {
		if x.cell >= 0 && !s.cells[x.cell].public {
			of[x.cell] = append(of[x.cell], v)
		}
	}
	for c, list := range of {
		for i, a := range list {
			for _, b := range list[:i] {
				more, less := a, b
				if s.vars[a].truth < s.vars[b].truth {
					more, less = b, a
				}
				s.protect(form{
					terms: []term{{more, 1}, {less, -1}}, truth: s.vars[more].truth - s.vars[less].truth,
					threshold: s.cells[c].threshold, what: "la revisión de " + s.name(a),
				})
			}
		}
	}
}
