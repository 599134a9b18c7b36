package dashboard

import (
	"cmp"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gttim/cauce/indicators"
)

type sheetPage struct {
	ID, Name, Definition string
	Fields               []field
	Formula, MathFormula string
	Figure               figure
	Revisions            figure
	Downloads            []link
	RevisionDownloads    []link
	Claims               []claim
}

// field is one line of a sheet.
type field struct {
	Name  string
	Text  string
	List  []string
	Links []link
	Note  string // small, below
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
	slices.SortStableFunc(values, func(a, b *Value) int { return cmp.Compare(rank(a), rank(b)) })
	p.Figure = q.valuesFigure(d, "Valores", "", values)
	p.Figure.Title, p.Figure.Sheet = chartTitle(d, q), ""
	if doc := q.declaredChart(d); doc != nil {
		p.Figure.Chart, p.Figure.Alt, p.Figure.Size = q.chartURL("indicador-"+d.ID), doc.Description, "media"
		p.Figure.explain(doc)
		if doc.Period != "" {
			p.Figure.Lead = "La gráfica muestra: " + doc.Period + "."
		}
	}
	p.Figure.Folded = len(values) > 40
	p.Revisions = q.revisionFigure(d)
	p.Downloads, p.RevisionDownloads = q.downloadLinks(d.ID)
	return s.page(q, "indicador", p.Name, p.Definition, p)
}

func chartTitle(d *indicators.Indicator, q *request) string {
	if d.Chart.Title != "" {
		return d.Chart.Title
	}
	return q.text(d.Name)
}

// rank puts whole years first, then periods of other lengths, then months: among
// each other their sums look like parts and the parts like sums.
func rank(v *Value) int {
	switch periodKind(v.From, v.To) {
	case periodMonth:
		return 2
	case periodOther, periodPoint:
		return 1
	case periodYear:
	}
	return 0
}

// sheetFields lists what the sheet says, the same on the page, in Markdown and in
// the workbook. What nobody has published is said to be unpublished.
func (q *request) sheetFields(d *indicators.Indicator) []field {
	additive := "No: no se suma entre partes ni entre periodos"
	if d.Additive {
		additive = "Sí: las partes de un mismo periodo se pueden sumar"
	}
	variables := field{Name: "Variables"}
	for _, v := range d.Variables {
		variables.List = append(variables.List, fmt.Sprintf("%s: %s (%s); de %s", v.Symbol, v.Name, v.Unit, strings.Join(v.From, ", ")))
	}
	thresholds := field{Name: "Umbrales"}
	for _, t := range d.Thresholds {
		thresholds.List = append(thresholds.List, fmt.Sprintf("Desde %s: %s (%s)", formatInput(&t.From), t.Text, t.Source))
	}
	breaks := field{Name: "Rupturas de método"}
	for _, b := range d.Breaks {
		breaks.List = append(breaks.List, "Desde el "+dateText(b.From)+": "+q.text(b.Text))
	}
	sources := field{Name: "Fuentes y fecha de consulta"}
	for _, s := range d.Sources {
		sources.Links = append(sources.Links, link{s.Text + consultedText(s.Consulted), address(s.URL)})
	}
	history := field{Name: "Historial de versiones"}
	for _, v := range d.History {
		history.List = append(history.List, fmt.Sprintf("Versión %s, desde el %s: %s", v.Version, dateText(v.From), v.Text))
	}
	fields := []field{
		q.citeField(d),
		{Name: "Unidad", Text: unitText(d.Unit)},
		{Name: "Decimales", Text: fmt.Sprint(d.Decimals)},
		{Name: "Estado de las cifras", Text: "Una cifra «" + indicators.StatusText(indicators.StatusFinal) + "» (código «" + indicators.StatusFinal + "» de la API y de la columna estado_codigo) es la que nadie anuncia como preliminar, estimada ni revisada; no quiere decir que sea definitiva"},
		{Name: "Cálculo", Text: unitText(string(d.Calculation))},
		variables,
		{Name: "Periodicidad", Text: d.Periodicity},
		{Name: "Cobertura", Text: d.Coverage},
		{Name: "Desagregaciones", Text: dimensionList(d.Dimensions)},
		{Name: "Aditivo", Text: additive},
		{Name: "Interpretación", Text: d.Interpretation},
		{Name: "Sentido", Text: d.Direction},
		{Name: "Línea base", Text: targetText(d.Baseline, "Sin línea base publicada")},
		{Name: "Meta", Text: targetText(d.Target, "Sin meta publicada")},
		thresholds.or("Sin umbrales publicados"),
		{Name: "Qué no mide", List: d.NotMeasured},
		{Name: "Límites", List: d.Limits},
		{Name: "Notas", List: d.Notes},
		breaks.or("Ninguna registrada"),
		{Name: "Conjuntos de datos", Text: strings.Join(d.Datasets, ", ")},
		sources,
		{Name: "Responsable", Text: d.Responsible},
		{Name: "Clase de divulgación", Text: statusText(string(d.Class))},
		{Name: "Divulgación", Text: d.Disclosure.Text},
		{Name: "Versión", Text: d.Version + ", vigente desde el " + dateText(d.ValidFrom)},
		history,
		{Name: "Del reporte a la cifra", List: q.lineage(d)},
	}
	var out []field
	for _, f := range fields {
		if f.Text != "" || len(f.List) > 0 || len(f.Links) > 0 {
			out = append(out, f)
		}
	}
	return out
}

// citeField says how to cite figures of the indicator, with an address that gives
// the same ones for ever: both clocks stand in it.
func (q *request) citeField(d *indicators.Indicator) field {
	at := url.Values{"as_of_carga": {strconv.Itoa(q.load)}}
	if !q.AsOf.IsZero() {
		at.Set("as_of", q.AsOf.Format(time.DateOnly))
	}
	path := "/indicadores/" + d.ID + "?" + at.Encode()
	return field{
		Name: "Cómo citar", Text: "«" + q.text(d.Name) + "», en " + q.citation() + ". ", Links: []link{{path, path}},
		Note: "Con el periodo o la fecha de corte, el estado, la fuente que está bajo la cifra y la fecha de consulta. La dirección da siempre estas mismas cifras, también cuando se hayan revisado.",
	}
}

// or gives the field a text where it has nothing to list.
func (f field) or(nothing string) field {
	if len(f.List) == 0 {
		f.Text = nothing
	}
	return f
}

func consultedText(day string) string {
	if day == indicators.ReadAlways {
		return " (se consulta con cada publicación)"
	}
	if day == "" {
		return ""
	}
	return ", consultado el " + dateText(day)
}

// lineage tells the way of a figure from the delivered report to the page.
func (q *request) lineage(d *indicators.Indicator) []string {
	used := map[int]bool{}
	for _, v := range q.list(d.ID) {
		for _, id := range q.withCorrected(v.Reports) {
			used[id] = true
		}
	}
	ids := slices.Sorted(maps.Keys(used))
	reports := "Ninguno de los reportes cargados da todavía una cifra de este indicador."
	if len(ids) > 0 {
		reports = fmt.Sprintf("Reportes de los que salen las cifras mostradas (%d): %s.", len(ids), numberList(ids))
	}
	out := []string{reports, "Cada reporte se guarda como llegó, con su huella sha256, y se revisa celda por celda contra el contrato de su conjunto."}
	if len(d.Datasets) > 0 {
		out = append(out, "Las filas aceptadas pasan a tablas tipadas y entran en vigor según la política de revisión de cada conjunto: "+strings.Join(d.Datasets, ", ")+".")
	}
	if len(d.Uses) > 0 {
		out = append(out, "La consulta lee además estos resultados: "+strings.Join(d.Uses, ", ")+".")
	}
	return append(out,
		"La consulta declarada "+d.ID+".sql da numerador y denominador de cada periodo y desagregación. Huella de la declaración: "+d.Hash+".",
		fmt.Sprintf("Control de divulgación de la clase %s; publicación %d, del %s.", strings.ToLower(statusText(string(d.Class))), q.Publication.ID, formatDay(q.Publication.Day)),
		"Cada valor nombra sus reportes; cauce trace "+d.ID+" --period AAAA recorre el camino de vuelta hasta el archivo y la línea.")
}

// numberList writes ascending numbers, runs of three and more as a range.
func numberList(ids []int) string {
	var out []string
	for i := 0; i < len(ids); {
		j := i
		for j+1 < len(ids) && ids[j+1] == ids[j]+1 {
			j++
		}
		switch {
		case j-i >= 2:
			out = append(out, fmt.Sprintf("%d a %d", ids[i], ids[j]))
		case j > i:
			out = append(out, strconv.Itoa(ids[i]), strconv.Itoa(ids[j]))
		default:
			out = append(out, strconv.Itoa(ids[i]))
		}
		i = j + 1
	}
	return strings.Join(out, ", ")
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

// targetText writes a published aim with who published it, or that there is none.
func targetText(t *indicators.Target, none string) string {
	if t == nil {
		return none
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
