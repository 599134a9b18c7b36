package disclosure

import (
	"fmt"
	"strconv"

	"github.com/gttim/cauce/data"
)

// classesTable is the reference table that declares the classes.
const classesTable = "clases_divulgacion"

// Rule is what a class demands: no count n with 0 < n < Threshold may be shown or
// worked out (0: no demand) nor, with Contributors, one that a single agency
// contributes.
type Rule struct {
	Threshold    float64
	Contributors bool
	Text         string // for readers
}

// Policy gives the rule of each disclosure class, as the reference table
// clases_divulgacion declares it.
type Policy map[data.Class]Rule

// Load reads the policy from the declarations. A class that is missing or a
// threshold that is no whole number is a data.ErrDeclaration: without them nothing
// can be said to be safe.
func Load(d *data.Declarations) (Policy, error) {
	t := d.Reference[classesTable]
	if t == nil {
		return nil, fmt.Errorf("reference/%s.csv is not declared: %w", classesTable, data.ErrDeclaration)
	}
	threshold, contributors, text := t.Column("umbral"), t.Column("contribuyente_unico"), t.Column("descripcion")
	if threshold < 0 || contributors < 0 || text < 0 {
		return nil, fmt.Errorf("reference/%s.csv lacks the columns umbral, contribuyente_unico, descripcion: %w", classesTable, data.ErrDeclaration)
	}
	p := Policy{}
	for i, row := range t.Rows {
		n, err := strconv.ParseUint(row[threshold], 10, 16)
		if err != nil {
			return nil, fmt.Errorf("reference/%s.csv:%d: umbral %q is not a whole number: %w", classesTable, t.Lines[i], row[threshold], data.ErrDeclaration)
		}
		p[data.Class(row[0])] = Rule{Threshold: float64(n), Contributors: row[contributors] == "1", Text: row[text]}
	}
	for _, c := range []data.Class{data.ClassInternal, data.ClassSensitive} {
		if p[c].Threshold < 2 {
			return nil, fmt.Errorf("reference/%s.csv: class %s needs an umbral of 2 or more: %w", classesTable, c, data.ErrDeclaration)
		}
	}
	if r := p[data.ClassPublic]; r.Threshold > 0 || r.Contributors {
		return nil, fmt.Errorf("reference/%s.csv: class publica shows what its agency published and has no umbral: %w", classesTable, data.ErrDeclaration)
	}
	return p, nil
}
