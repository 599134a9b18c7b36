package dashboard

import (
	"fmt"
	"strings"

	"github.com/gttim/cauce/indicators"
)

type indicatorsPage struct{ Items []indicatorItem }

type indicatorItem struct {
	ID, Name, Definition, Href string
	Value, Period, Unit        string
	Values                     int
}

// indicators answers /indicadores: every declared indicator with its newest
// figure.
func (s *Server) indicators(q *request) (*answer, error) {
	var p indicatorsPage
	for _, d := range q.Indicators {
		item := indicatorItem{ID: d.ID, Name: q.text(d.Name), Definition: q.text(d.Definition), Href: q.href("/indicadores/" + d.ID), Unit: unitText(d.Unit)}
		values := q.list(d.ID)
		item.Values = len(values)
		v := newest(where(values, total, hasValue, q.over))
		if v == nil {
			v = newest(where(values, total, hasValue))
		}
		if v == nil {
			if c := q.newestComposition(d.ID); c != nil {
				v = c.Parts[0]
				item.Unit = v.label()
			}
		}
		if v != nil {
			item.Value, item.Period = formatValue(v.Value, v.Unit, d.Decimals), formatPeriod(v.From, v.To)
		}
		p.Items = append(p.Items, item)
	}
	return s.page(q, "indicadores", q.t("Indicadores declarados"),
		"Cada indicador está declarado en un archivo: definición, fórmula, fuentes, límites y pruebas.", p)
}

type sheetPage struct {
	ID, Name, Definition string
	Fields               []field
	Formula, MathFormula string
	Figure               figure
	Downloads            []link
	Claims               []claim
}

// field is one line of a sheet.
type field struct {
	Name  string
	Text  string
	List  []string
	Links []link
}

// sheet answers /indicadores/{id}: the whole sheet with its figures.
func (s *Server) sheet(q *request) (*answer, error) {
	d := q.indicator(q.id)
	if d == nil {
		return nil, errNotFound
	}
	claims, err := q.claims(d.ID)
	if err != nil || d.ID == indexID {
		claims = nil // the detail of the index is its questions, which /indice shows
	}
	p := sheetPage{ID: d.ID, Name: q.text(d.Name), Definition: q.text(d.Definition), Formula: d.Formula, MathFormula: d.FormulaMath, Claims: claims}
	p.Fields = q.sheetFields(d)
	values := q.list(d.ID)
	p.Figure = q.valuesFigure(d, "Valores", "", values)
	p.Figure.Title = chartTitle(d, q)
	if doc := q.declaredChart(d); doc != nil {
		p.Figure.Chart, p.Figure.Alt, p.Figure.Size = q.chartURL("indicador-"+d.ID), doc.Description, "media"
	}
	p.Figure.Folded = len(values) > 40
	clocks := q.clocks().query()
	for _, ext := range []string{"json", "csv"} {
		p.Downloads = append(p.Downloads, link{strings.ToUpper(ext), "/api/v1/indicadores/" + d.ID + "." + ext + clocks})
	}
	return s.page(q, "indicador", p.Name, p.Definition, p)
}

func chartTitle(d *indicators.Indicator, q *request) string {
	if d.Chart.Title != "" {
		return d.Chart.Title
	}
	return q.text(d.Name)
}

func (q *request) sheetFields(d *indicators.Indicator) []field {
	yes := "No"
	if d.Additive {
		yes = "Sí"
	}
	fields := []field{
		{Name: "Unidad", Text: unitText(d.Unit)},
		{Name: "Decimales", Text: fmt.Sprint(d.Decimals)},
		{Name: "Periodicidad", Text: d.Periodicity},
		{Name: "Cobertura", Text: d.Coverage},
		{Name: "Dimensiones", Text: dimensionList(d.Dimensions)},
		{Name: "Cálculo", Text: unitText(string(d.Calculation))},
		{Name: "Se puede sumar entre periodos", Text: yes},
		{Name: "Interpretación", Text: d.Interpretation},
		{Name: "Sentido", Text: d.Direction},
		{Name: "Meta", Text: targetText(d.Target)},
		{Name: "Qué no mide", List: d.NotMeasured},
		{Name: "Límites", List: d.Limits},
		{Name: "Notas", List: d.Notes},
	}
	for _, b := range d.Breaks {
		fields = append(fields, field{Name: "Ruptura de la serie", Text: "Desde el " + dateText(b.From) + ": " + q.text(b.Text)})
	}
	fields = append(fields, field{Name: "Conjuntos de datos", Text: strings.Join(d.Datasets, ", ")})
	sources := field{Name: "Fuentes"}
	for _, s := range d.Sources {
		sources.Links = append(sources.Links, link{s.Text, address(s.URL)})
	}
	fields = append(fields, sources,
		field{Name: "Responsable", Text: d.Responsible},
		field{Name: "Clase", Text: statusText(string(d.Class))},
		field{Name: "Divulgación", Text: d.Disclosure.Text},
		field{Name: "Versión", Text: d.Version},
		field{Name: "Vigente desde", Text: dateText(d.ValidFrom)},
		field{Name: "Huella de la declaración", Text: d.Hash},
	)
	var out []field
	for _, f := range fields {
		if f.Text != "" || len(f.List) > 0 || len(f.Links) > 0 {
			out = append(out, f)
		}
	}
	return out
}

func dimensionList(list []indicators.Dimension) string {
	if len(list) == 0 {
		return "Ninguna: solo el total"
	}
	var out []string
	for _, d := range list {
		out = append(out, d.Name)
	}
	return strings.Join(out, ", ")
}

// targetText writes a published aim with who published it.
func targetText(t *indicators.Target) string {
	if t == nil {
		return "Ninguna publicada"
	}
	text := formatInput(&t.Value)
	if t.By != "" {
		text += ", para " + t.By
	}
	if t.Source != "" {
		text += " (" + t.Source + ")"
	}
	return text
}
