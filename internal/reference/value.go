package reference

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
)

// Value is one figure: days as AAAA-MM-DD, percentages in percent, nil numbers
// for "there is none". Low and High are the interval of a rounded figure.
type Value struct {
	From, To                       string
	Dimensions                     map[string]string
	Numerator, Denominator, Number *float64
	Low, High                      *float64
	Status                         string
	Break                          bool
}

// Key tells figures of one indicator apart.
func (v Value) Key() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s/%s", v.From, v.To)
	for _, d := range slices.Sorted(maps.Keys(v.Dimensions)) {
		fmt.Fprintf(&b, " %s=%s", d, v.Dimensions[d])
	}
	return b.String()
}

// String is the figure with its key.
func (v Value) String() string {
	n := func(x *float64) string {
		if x == nil {
			return "—"
		}
		return fmt.Sprintf("%.12g", *x)
	}
	return fmt.Sprintf("%s: %s / %s = %s [%s, %s] %s, break %t", v.Key(), n(v.Numerator), n(v.Denominator), n(v.Number), n(v.Low), n(v.High), v.Status, v.Break)
}

// Compare lists what the published values of an indicator lack, have besides, or
// give otherwise than they were computed here. A suppressed figure shows no
// number; it has to exist all the same.
func Compare(computed, published []Value) []string {
	var out []string
	have := map[string]Value{}
	for _, p := range published {
		if _, twice := have[p.Key()]; twice {
			out = append(out, "published twice: "+p.String())
		}
		have[p.Key()] = p
	}
	for _, c := range computed {
		p, ok := have[c.Key()]
		delete(have, c.Key())
		switch {
		case !ok:
			out = append(out, "not published: "+c.String())
		case p.Status == suppressed && p.Number == nil && p.Numerator == nil:
		case !c.equal(p):
			out = append(out, fmt.Sprintf("published %s\n    computed %s", p, c))
		}
	}
	for _, p := range have {
		out = append(out, "published, but not computed: "+p.String())
	}
	slices.Sort(out)
	return out
}

const (
	final       = "definitivo"
	preliminary = "preliminar"
	revised     = "revisado"
	estimated   = "estimado"
	missing     = "faltante"
	suppressed  = "suprimido"
)

func (v Value) equal(o Value) bool {
	same := func(a, b *float64) bool {
		if a == nil || b == nil {
			return a == b
		}
		return math.Abs(*a-*b) <= 1e-9*max(1, math.Abs(*a))
	}
	return same(v.Number, o.Number) && same(v.Numerator, o.Numerator) && same(v.Denominator, o.Denominator) &&
		same(v.Low, o.Low) && same(v.High, o.High) && v.Status == o.Status && v.Break == o.Break
}

func num(x float64) *float64 { return &x }

// count is a figure that is its own numerator.
func count(n float64) Value { return Value{Numerator: num(n), Number: num(n), Status: final} }

// ratio is a figure of n over d times factor; over zero there is none.
func ratio(n, d, factor float64, status string) Value {
	v := Value{Numerator: num(n), Denominator: num(d), Status: status}
	if d == 0 {
		v.Status = missing
		return v
	}
	v.Number = num(n / d * factor)
	return v
}

// change is the figure of n on a base d in percent.
func change(n, d float64, status string) Value {
	v := ratio(n, d, 100, status)
	if v.Number != nil {
		v.Number = num((n/d - 1) * 100)
	}
	return v
}

// at dates a figure and says what it is of: name, code, …; an empty code is none.
func (v Value) at(from, to string, dimensions ...string) Value {
	v.From, v.To, v.Dimensions = from, to, map[string]string{}
	for i := 0; i+1 < len(dimensions); i += 2 {
		if dimensions[i+1] != "" {
			v.Dimensions[dimensions[i]] = dimensions[i+1]
		}
	}
	return v
}

// newest keeps, of all items with one key, the one published last; of two of one
// day, the one delivered later.
func newest[T any](items []T, key func(T) string, published func(T) (string, int)) []T {
	at := map[string]int{}
	var out []T
	for _, x := range items {
		k := key(x)
		i, ok := at[k]
		if !ok {
			at[k] = len(out)
			out = append(out, x)
			continue
		}
		day, n := published(x)
		have, m := published(out[i])
		if cmp.Or(cmp.Compare(day, have), cmp.Compare(n, m)) >= 0 {
			out[i] = x
		}
	}
	return out
}
