package template

import (
	"strconv"
	"strings"

	"github.com/gttim/cauce/data"
)

// column is one column of a delivered file, in the words of the guide.
type column struct {
	data.Column
	kind    string   // what its values are
	options []string // what a catalogue column accepts, as it is best written
	codes   []string // what the codes of its codebook mean
}

// columns lists the columns in the order of the template.
func columns(ds *data.Dataset, reference map[string]*data.Table) []column {
	all := append([]data.Column(nil), ds.Columns...)
	if ds.Hierarchy != nil {
		all = tableColumns(ds)
	} else if ds.Wide != nil {
		for _, m := range ds.Wide.Months {
			c := ds.Wide.Value
			c.Name, c.Required, c.Headers = m, false, nil
			all = append(all, c)
		}
	}
	out := make([]column, len(all))
	for i, c := range all {
		out[i] = column{Column: c, kind: kind(c)}
		switch book := ds.Codebooks[c.Name]; {
		case book != nil:
			out[i].options = book.Codes()
			for _, code := range out[i].options {
				out[i].codes = append(out[i].codes, code+" = "+book.Name(code))
			}
		case c.Codebook == nil:
			out[i].options = options(c, reference[c.Catalog])
		}
	}
	return out
}

// kind says in Spanish what the values of a column are.
func kind(c data.Column) string {
	words := map[data.ColumnType]string{
		data.TypeInteger: "número entero, sin separador de miles", data.TypeDecimal: "número",
		data.TypeDate: "fecha AAAA-MM-DD", data.TypePubDate: "fecha AAAA-MM-DD, mes AAAA-MM o año AAAA",
		data.TypeMonth: "mes AAAA-MM o fecha AAAA-MM-DD", data.TypeBool: "0 (no) o 1 (sí)",
		data.TypeText: "texto", data.TypeCategory: "texto", data.TypeCatalog: "catálogo «" + c.Catalog + "»",
	}
	out := words[c.Type]
	switch {
	case c.Codebook == nil:
	case c.Codebook.Delivered:
		out = "clave del libro de códigos que se entrega al lado"
	default:
		out = "clave del libro de códigos"
	}
	if c.Min != nil {
		out += ", desde " + figure(*c.Min)
	}
	if c.Max != nil {
		out += ", hasta " + figure(*c.Max)
	}
	if c.Pattern != "" {
		out += ": " + c.Form
	}
	if c.Unit != "" {
		out += "; unidad: " + c.Unit
	}
	return out
}

func figure(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }

// need says whether a value, or the column itself, may be left out.
func (c *column) need() string {
	switch {
	case c.Title != nil:
		return "en el título"
	case c.Optional:
		return "columna opcional"
	case c.Required:
		return "obligatoria"
	}
	return "puede ir vacía"
}

// options are the values of a catalogue as the contract's example writes them:
// codes where it is a code, names elsewhere. Only what the column accepts.
func options(c data.Column, t *data.Table) []string {
	if t == nil {
		return nil
	}
	codes := t.Codes()
	asCode := false
	for _, code := range codes {
		asCode = asCode || code == c.Example
	}
	var out []string
	for _, code := range codes {
		s := code
		if !asCode {
			s = t.Name(code)
		}
		if got, ok := t.Code(s); ok && got == code && c.Regexp().MatchString(s) {
			out = append(out, s)
		}
	}
	return out
}

// listed shows the first values of a catalogue and how many there are, and the
// codes of a codebook with their labels: nobody knows those by heart.
func (c *column) listed() string {
	if c.Title != nil {
		return "se leen de un título como «" + c.Title.Example + "»"
	}
	values, most := c.options, 12
	if c.codes != nil {
		values, most = c.codes, 300
	}
	if len(values) <= most {
		return strings.Join(values, ", ")
	}
	return strings.Join(values[:most], ", ") + " … (" + strconv.Itoa(len(values)) + " valores)"
}
