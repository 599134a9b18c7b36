package disclosure

import (
	"encoding/json"
	"math"
	"math/bits"
	"slices"
	"time"

	"github.com/gttim/cauce/indicators"
)

// Figure is one line of an indicator's result: a value with the rectangle of both
// clocks for which it held. Agencies are the contributors of its reports.
type Figure struct {
	Indicator *indicators.Indicator
	Value     *indicators.Value
	Span      indicators.Span
	Agencies  int // how many contribute; 0: not known
}

// key names a cell: what is counted, over which period, of which dimensions.
// Figures of several indicators with one key show the same cell.
type key struct {
	measure, start, end string
	dims                string // JSON, keys sorted; {} is the total
}

// dimensions of a key.
func (k key) dimensions() map[string]string {
	out := map[string]string{}
	if err := json.Unmarshal([]byte(k.dims), &out); err != nil {
		panic("a key's dimensions are made by encode: " + err.Error())
	}
	return out
}

func encode(dims map[string]string) string {
	b, err := json.Marshal(dims)
	if err != nil {
		panic(err) // a map of texts always marshals
	}
	return string(b)
}

// within tells whether the period of k lies in that of o.
func (k key) within(o key) bool { return k.start >= o.start && k.end <= o.end }

// countable tells whether the numbers of a figure are counts, so that it can be
// judged: whole, not negative, the numerator there.
func countable(v *indicators.Value) bool {
	whole := func(n *float64) bool { return n == nil || *n >= 0 && *n == math.Trunc(*n) && *n < 1<<53 }
	return v.Numerator != nil && whole(v.Numerator) && whole(v.Denom)
}

// blank tells whether a figure says no number at all.
func blank(v *indicators.Value) bool {
	return v.Value == nil && v.Numerator == nil && v.Denom == nil && v.Low == nil && v.High == nil
}

// measures of an indicator: what its numerator and its denominator count.
func measures(ind *indicators.Indicator) (numerator, denominator string) {
	numerator = ind.ID
	if ind.Disclosure.Numerator != "" {
		numerator = ind.Disclosure.Numerator
	}
	switch {
	case ind.Disclosure.Denominator != "":
		return numerator, ind.Disclosure.Denominator
	case ind.Calculation == indicators.Change:
		return numerator, numerator
	}
	return numerator, ind.ID + ":denominador"
}

// numeratorKey is the cell that a figure's numerator shows.
func numeratorKey(f *Figure) key {
	n, _ := measures(f.Indicator)
	return key{n, f.Value.Start, f.Value.End, encode(f.Value.Dimensions)}
}

// yearBefore is the base of a yearly change.
func yearBefore(d string) string {
	t, err := time.Parse(time.DateOnly, d)
	if err != nil {
		return d
	}
	before := t.AddDate(-1, 0, 0)
	if next := t.AddDate(0, 0, 1); next.Day() == 1 { // the last day of February may be another
		before = next.AddDate(-1, 0, 0).AddDate(0, 0, -1)
	}
	return before.Format(time.DateOnly)
}

func dayAfter(d string) string {
	t, err := time.Parse(time.DateOnly, d)
	if err != nil {
		return ""
	}
	return t.AddDate(0, 0, 1).Format(time.DateOnly)
}

// denominators gives the cell of each figure's denominator. A change has that of
// the year before; of others the dimensions are the fewest on which the
// denominators of the indicator and period hang.
func denominators(figures []*Figure) map[*Figure]key {
	out := map[*Figure]key{}
	groups := map[string][]*Figure{}
	for _, f := range figures {
		v := f.Value
		if v.Denom == nil {
			continue
		}
		_, measure := measures(f.Indicator)
		if f.Indicator.Calculation == indicators.Change {
			out[f] = key{measure, yearBefore(v.Start), yearBefore(v.End), encode(v.Dimensions)}
			continue
		}
		g := f.Indicator.ID + " " + v.Start + " " + v.End
		groups[g] = append(groups[g], f)
	}
	for _, g := range groups {
		ds := g[0].Indicator.Dimensions
		masks := make([]uint, 1<<len(ds))
		for i := range masks {
			masks[i] = uint(i)
		}
		slices.SortStableFunc(masks, func(a, b uint) int { return bits.OnesCount(a) - bits.OnesCount(b) })
		for _, mask := range masks { // all of them always hold: figures differ by their dimensions
			keep := map[string]bool{}
			for i, d := range ds {
				keep[d.ID] = mask>>i&1 == 1
			}
			if keys, ok := hang(g, keep); ok {
				for f, k := range keys {
					out[f] = k
				}
				break
			}
		}
	}
	return out
}

// hang tells whether the denominators are a function of the kept dimensions.
func hang(group []*Figure, keep map[string]bool) (map[*Figure]key, bool) {
	of, out := map[key]float64{}, map[*Figure]key{}
	for _, f := range group {
		dims := map[string]string{}
		for d, code := range f.Value.Dimensions {
			if keep[d] {
				dims[d] = code
			}
		}
		_, measure := measures(f.Indicator)
		k := key{measure, f.Value.Start, f.Value.End, encode(dims)}
		if n, seen := of[k]; seen && n != *f.Value.Denom {
			return nil, false
		}
		of[k] = *f.Value.Denom
		out[f] = k
	}
	return out, true
}
