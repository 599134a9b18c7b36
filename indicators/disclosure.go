package indicators

import "github.com/gttim/cauce/data"

// Thresholds below which a count of a class is not shown (design: disclosure).
var thresholds = map[data.Class]float64{data.ClassInternal: 5, data.ClassSensitive: 10}

// protect hides what the indicator's class does not allow to be shown, before
// anything is stored for publication: primary cells 0 < n < t, then the smallest
// other cell of a period in which only one is hidden, so that the total does not
// give it back. A `publica` indicator shows what its agency published itself.
func protect(ind *Indicator, values []*Value) []*Value {
	t, ok := thresholds[ind.Class]
	if !ok {
		return values
	}
	byPeriod := map[string][]*Value{}
	for _, v := range values {
		byPeriod[v.Start+" "+v.End] = append(byPeriod[v.Start+" "+v.End], v)
	}
	for _, group := range byPeriod {
		hidden := 0
		for _, v := range group {
			if v.Numerator != nil && *v.Numerator > 0 && *v.Numerator < t {
				v.hide()
				hidden++
			}
		}
		if hidden == 1 {
			if second := smallest(group); second != nil {
				second.hide()
			}
		}
	}
	return values
}

func smallest(group []*Value) *Value {
	var best *Value
	for _, v := range group {
		if len(v.Dimensions) == 0 || v.Status == StatusSuppressed || v.Numerator == nil || *v.Numerator == 0 {
			continue
		}
		if best == nil || *v.Numerator < *best.Numerator {
			best = v
		}
	}
	return best
}

// hide removes the figure and all that would give it back.
func (v *Value) hide() {
	v.Value, v.Numerator, v.Denom, v.Low, v.High = nil, nil, nil, nil, nil
	v.Status = StatusSuppressed
	v.Attributes = map[string]any{}
}
