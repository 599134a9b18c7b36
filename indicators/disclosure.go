package indicators

import (
	"fmt"

	"github.com/gttim/cauce/data"
)

// guarded ranks the classes by what they hide. Datasets of class restringida are
// not listed: only aggregates of them leave the warehouse, under the indicator's
// own class.
var guarded = map[data.Class]int{data.ClassInternal: 1, data.ClassSensitive: 2}

// checkClass refuses an indicator that would show what a dataset or an indicator it
// reads hides.
func (i *Indicator) checkClass(d *data.Declarations, found map[string]*Indicator) error {
	for _, id := range i.Datasets {
		if c := d.Dataset(id).Class; guarded[c] > guarded[i.Class] {
			return fmt.Errorf("indicator %s is of class %s and reads dataset %s of class %s: %w", i.ID, i.Class, id, c, data.ErrDeclaration)
		}
	}
	for _, id := range i.Uses {
		if u := found[id]; u != nil && guarded[u.Class] > guarded[i.Class] {
			return fmt.Errorf("indicator %s is of class %s and uses %s of class %s: %w", i.ID, i.Class, id, u.Class, data.ErrDeclaration)
		}
	}
	return nil
}

// hide removes the figure and all that would give it back.
func (v *Value) hide() {
	v.Value, v.Numerator, v.Denom, v.Low, v.High = nil, nil, nil, nil, nil
	v.Status = StatusSuppressed
	v.Attributes = map[string]any{}
}
