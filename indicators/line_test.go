package indicators

import (
	"encoding/json"
	"math"
	"testing"
)

// FuzzLine holds that a value's line is what encoding/json gives of it, and its
// pieces what it gives of them.
func FuzzLine(f *testing.F) {
	f.Add("Chiapas", "a < b & \"c\"\u2028\x00\xff", 57.85, int64(-3), true, 4)
	f.Add("", "", math.SmallestNonzeroFloat64, int64(math.MaxInt64), false, 0)
	f.Add("é", "\n", 1e21, int64(0), false, -1)
	f.Add("07", "x", 1e-7, int64(1), true, 2)
	f.Fuzz(func(t *testing.T, a, b string, x float64, n int64, yes bool, r int) {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return
		}
		zero := 0.0
		for _, v := range []*Value{
			{},
			{Start: a, End: b, Unit: a, Status: b, Break: yes, Vintage: a, Precision: b, Value: &x, Low: &zero, Reports: []int{r, 3}, Notes: []string{a, b}},
			{Dimensions: map[string]string{a: b, b: a, "x": ""}, Labels: map[string]string{}, Numerator: &x, Attributes: map[string]any{
				a: b, "n": n, "f": x, "s": yes, "nada": nil, "l": []any{a, n}, "o": map[string]any{b: x, "p": int32(7)}, "t": []string{a}, "u": uint8(3),
			}, Notes: []string{}, Reports: []int{}},
		} {
			line, p, err := v.encode()
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range []struct {
				got  string
				want any
			}{{line, v}, {p.dimensions, v.Dimensions}, {p.labels, v.Labels}, {p.notes, v.Notes}, {p.attributes, v.Attributes}, {p.reports, v.Reports}} {
				want, err := json.Marshal(c.want)
				if err != nil {
					t.Fatal(err)
				}
				if c.got != string(want) {
					t.Errorf("%s\nencoding/json: %s", c.got, want)
				}
			}
		}
	})
}
