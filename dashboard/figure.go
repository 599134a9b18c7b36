package dashboard

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gttim/cauce/indicators"
)

// chartURL is the address of a chart's option JSON for this request.
func (q *request) chartURL(name string) string {
	f := q.clocks()
	f.Year = q.Year
	return "/graficas/" + name + ".json" + f.query()
}

// alt is the text alternative of a chart, "" without one.
func (d *chartDocument) alt() string {
	if d == nil {
		return ""
	}
	return d.Description
}

// explain says above the other caveats what a place without a bar means.
func (f *figure) explain(doc *chartDocument) {
	if doc != nil && doc.Gaps {
		f.Caveats = append([]string{"Donde no hay barra no hay cifra publicada: no es cero."}, f.Caveats...)
	}
}

// valuesFigure shows values of an indicator with their table; chart is the name
// of the chart above it, "" for a table alone.
func (q *request) valuesFigure(d *indicators.Indicator, title, chart string, values []*Value) figure {
	f := figure{
		ID: slug(title), Title: q.t(title), Size: "media", Table: q.valueTable(d, title, values),
		Sources: q.sources(values), Published: q.published(values), Caveats: q.caveats(d, values),
		Sheet: q.href("/indicadores/" + d.ID),
	}
	f.Table.Quiet = f.Table.Caption == title
	if shown := where(values, hasValue); chart != "" && len(shown) > 0 {
		f.Chart, f.Alt = q.chartURL(chart), describe(d, shown)
	}
	return f
}

// partsFigure shows the newest composition and what its parts lack against the
// published total.
func (q *request) partsFigure(id, title, chart, size string) figure {
	f := figure{ID: slug(title), Title: q.t(title), Size: size}
	d, c := q.indicator(id), q.newestComposition(id)
	f.Table = table{Caption: title, Empty: "No hay composición publicada con estos criterios."}
	if d == nil || c == nil {
		return f
	}
	f.Sheet = q.href("/indicadores/" + d.ID)
	if c.comparable() {
		f.Chart, f.Alt = q.chartURL(chart), describeParts(d, c)
	}
	period := formatPeriod(c.Period.From, c.Period.To)
	f.Table.Caption = title + ", " + period
	f.Lead = "Periodo: " + c.lead() + "."
	head := "Parte"
	for k := range c.Period.Dimensions {
		head = dimensionText(k)
	}
	f.Table.Head = []column{{Text: head}, {"Eventos", true}, {"Porcentaje del total", true}, {Text: "Estado"}, {Text: "Publicado"}, {Text: "Reportes"}}
	_, others, _ := c.drawn()
	f.Folded = others > 0
	common := commonNote(c.Parts)
	for _, p := range append(slices.Clone(c.Parts), c.Hidden...) {
		f.Table.Rows = append(f.Table.Rows, []cell{
			{Text: p.label(), Head: true, Sub: ownNote(p, common)}, {Text: formatInput(p.Numerator), Numeric: true}, valueCell(p, d.Decimals),
			statusCell(p), q.vintageCell(p), q.reportsCell(p.Reports),
		})
	}
	f.Sources, f.Published, f.Caveats = q.sources(c.Parts), q.published(c.Parts), q.caveats(d, c.Parts)
	if common != "" {
		f.Caveats = append(f.Caveats, "Nota de la fuente: "+common+".")
	}
	if !c.Known {
		return f
	}
	whole := c.Period.Denominator
	switch {
	case c.Lack > 0:
		f.Table.Rows = append(f.Table.Rows, []cell{
			{Text: restName, Head: true}, {Text: formatInput(&c.Lack), Numeric: true}, {Text: formatValue(&c.LackShare, d.Unit, d.Decimals), Numeric: true}, {}, {}, {},
		})
		f.Caveats = append([]string{fmt.Sprintf("Las partes publicadas suman %s menos que el total publicado de %s.", formatInput(&c.Lack), formatInput(whole))}, f.Caveats...)
	case c.Lack < 0:
		more := -c.Lack
		f.Caveats = append([]string{fmt.Sprintf("Las partes publicadas suman %s más que el total publicado de %s.", formatInput(&more), formatInput(whole))}, f.Caveats...)
	default:
		f.Lead += " Las partes publicadas suman exactamente el total publicado."
	}
	f.Table.Rows = append(f.Table.Rows, []cell{{Text: "Total publicado", Head: true}, {Text: formatInput(whole), Numeric: true}, {}, {}, {}, {}})
	return f
}

// commonNote is the note that all values carry, "" when they do not agree.
func commonNote(values []*Value) string {
	if len(values) < 2 {
		return ""
	}
	note := joinNotes(values[0].Notes)
	for _, v := range values {
		if joinNotes(v.Notes) != note {
			return ""
		}
	}
	return note
}

// ownNote is a value's note unless it is the one that all carry.
func ownNote(v *Value, common string) string {
	if note := joinNotes(v.Notes); note != common {
		return note
	}
	return ""
}

// slug makes an id for a section out of its Spanish title.
func slug(title string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			return r
		case r == ' ':
			return '-'
		case strings.ContainsRune("áéíóúüñ", r):
			return map[rune]rune{'á': 'a', 'é': 'e', 'í': 'i', 'ó': 'o', 'ú': 'u', 'ü': 'u', 'ñ': 'n'}[r]
		}
		return -1
	}, strings.ToLower(title))
}
