package disclosure

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gttim/cauce/data"
	"github.com/gttim/cauce/indicators"
)

// count declares an indicator that counts by dimensions.
func count(id string, class data.Class, dims ...string) *indicators.Indicator {
	ind := &indicators.Indicator{ID: id, Class: class, Calculation: indicators.Count, Additive: true}
	for _, d := range dims {
		ind.Dimensions = append(ind.Dimensions, indicators.Dimension{ID: d})
	}
	return ind
}

// control is what New makes of the shipped policy and a catalogue.
func control(t testing.TB, catalog ...*indicators.Indicator) *Control {
	t.Helper()
	d, err := data.Load("")
	if err != nil {
		t.Fatal(err)
	}
	c, err := New(d, catalog)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// figure is a count of 2024; where is "" or "sexo=mujer,entidad=07".
func figure(ind *indicators.Indicator, where string, n float64) *Figure {
	dims := map[string]string{}
	for _, p := range strings.FieldsFunc(where, func(r rune) bool { return r == ',' }) {
		d, code, _ := strings.Cut(p, "=")
		dims[d] = code
	}
	return &Figure{Indicator: ind, Span: indicators.Span{From: date("2025-01-31"), LoadFrom: 1}, Agencies: 2, Value: &indicators.Value{
		Start: "2024-01-01", End: "2024-12-31", Dimensions: dims, Labels: map[string]string{}, Value: &n, Numerator: &n,
		Unit: "personas", Status: indicators.StatusFinal, Notes: []string{}, Attributes: map[string]any{"parcial": false, "resto": n},
		Vintage: "2025-01-31", Precision: "dia", Reports: []int{1},
	}}
}

// ratio is a figure with a denominator, in percent.
func ratio(ind *indicators.Indicator, where string, n, d float64) *Figure {
	f := figure(ind, where, n)
	x := 100 * n / d
	f.Value.Value, f.Value.Denom = &x, &d
	return f
}

// during sets a figure's period.
func (f *Figure) during(start, end string) *Figure {
	f.Value.Start, f.Value.End = start, end
	return f
}

// loaded sets the loads at which a figure held; to 0: still.
func (f *Figure) loaded(from, to int) *Figure {
	f.Span.LoadFrom, f.Span.LoadTo = from, to
	return f
}

func date(s string) time.Time {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		panic(err)
	}
	return t
}

// where is how tests write a figure's dimensions.
func where(f *Figure) string {
	var out []string
	for _, d := range slices.Sorted(maps.Keys(f.Value.Dimensions)) {
		out = append(out, d+"="+f.Value.Dimensions[d])
	}
	return strings.Join(out, ",")
}

// hiddenOf lists what of an indicator is hidden now, sorted, "total" for {}.
func hiddenOf(figures []*Figure, id string) []string {
	out := []string{}
	for _, f := range figures {
		if f.Indicator.ID == id && f.Value.Status == indicators.StatusSuppressed && f.Span.LoadTo == 0 {
			name := where(f)
			if name == "" {
				name = "total"
			}
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}

// safe discloses figures and demands that the auditor finds nothing.
func safe(t testing.TB, c *Control, figures []*Figure) []*Figure {
	t.Helper()
	out := c.Disclose(figures)
	if err := c.Audit(figures, withPublic(c, figures, out)); err != nil {
		t.Fatalf("the auditor does not agree: %v\n%s", err, show(figures, out))
	}
	return out
}

// withPublic adds the figures that control leaves alone.
func withPublic(c *Control, figures, shown []*Figure) []*Figure {
	out := slices.Clone(shown)
	for _, f := range figures {
		if !slices.Contains(c.Protected(), f.Indicator.ID) {
			out = append(out, f)
		}
	}
	return out
}

func show(truth, out []*Figure) string {
	var b strings.Builder
	for _, f := range truth {
		fmt.Fprintf(&b, "truth %s %s..%s [%s] %v\n", f.Indicator.ID, f.Value.Start, f.Value.End, where(f), *f.Value.Numerator)
	}
	for _, f := range out {
		n := "suprimido"
		if f.Value.Numerator != nil {
			n = fmt.Sprint(*f.Value.Numerator)
		}
		fmt.Fprintf(&b, "shown %s %s..%s [%s] %s load %d-%d\n", f.Indicator.ID, f.Value.Start, f.Value.End, where(f), n, f.Span.LoadFrom, f.Span.LoadTo)
	}
	return b.String()
}
