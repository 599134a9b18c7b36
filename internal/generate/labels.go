package generate

import (
	"fmt"

	"github.com/gttim/cauce/data"
)

// Reference tables that say what the words of published figures stand for.
const (
	dimensionsTable = "dimensiones" // catalogue of dimensions
	labelsTable     = "etiquetas"   // dimension, etiqueta: codigo
)

// labels maps the words of published figures to catalogue codes.
type labels struct {
	dimensions *data.Table
	codes      map[[2]string]string // dimension and folded label
}

func newLabels(decls *data.Declarations) (labels, error) {
	out := labels{dimensions: decls.Reference[dimensionsTable], codes: map[[2]string]string{}}
	t := decls.Reference[labelsTable]
	if out.dimensions == nil || t == nil {
		return out, fmt.Errorf("reference tables %s and %s are needed: %w", dimensionsTable, labelsTable, data.ErrDeclaration)
	}
	dimension, label, code := t.Column("dimension"), t.Column("etiqueta"), t.Column("codigo")
	if dimension < 0 || label < 0 || code < 0 {
		return out, fmt.Errorf("reference table %s: columns dimension, etiqueta and codigo are needed: %w", labelsTable, data.ErrDeclaration)
	}
	for _, row := range t.Rows {
		out.codes[[2]string{row[dimension], data.Fold(row[label])}] = row[code]
	}
	return out, nil
}

// dimension is the code of a dimension as a report names it; one that is not in
// the catalogue, as of combined dimensions, stands for itself.
func (l labels) dimension(name string) string {
	if code, ok := l.dimensions.Code(name); ok {
		return code
	}
	return name
}

// code is the code in the catalogue that a label of a dimension stands for.
func (l labels) code(catalog *data.Table, dimension, label string) (string, bool) {
	if code, ok := l.codes[[2]string{dimension, data.Fold(label)}]; ok {
		label = code
	}
	return catalog.Code(label)
}
