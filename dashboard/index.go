package dashboard

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/gttim/cauce/indicators"
)

const indexID = "indice_informacion_tim"

type indexPage struct {
	Head        *indexHead
	Definition  string
	Formula     string
	MathFormula string
	Notes       []string
	NotMeasure  []string
	Sensitivity []field
	Years       []yearLink
	Axes        figure
	History     figure
	Groups      []axisGroup
}

type yearLink struct {
	Year int
	Href string
	Here bool
}

// axisGroup is one axis with its questions.
type axisGroup struct {
	ID, Name, Score string
	Bar             bar
	Questions       []question
}

type question struct {
	ID, Text, Responsible, Answer, AnswerText string
	Kind, Dataset, Evidence, Due              string
	Reports                                   []link
}

// questionRow is one answered question as the detail table has it.
type questionRow struct {
	Year        int             `json:"anio"`
	Axis        string          `json:"eje"`
	AxisName    string          `json:"eje_nombre"`
	ID          string          `json:"pregunta"`
	Text        string          `json:"texto"`
	Responsible json.RawMessage `json:"responsables"` // a text or a list of texts
	Kind        string          `json:"evidencia_tipo"`
	Dataset     string          `json:"conjunto"`
	Answer      string          `json:"respuesta"`
	Evidence    string          `json:"evidencia"`
	Reports     idList          `json:"reportes"`
	Due         string          `json:"vence"`
}

// index answers /indice for the year asked for, or the newest that is over.
func (s *Server) index(q *request) (*answer, error) {
	d := q.indicator(indexID)
	if d == nil {
		return nil, errNotFound
	}
	totals := where(q.list(indexID), total, annual)
	if q.Year != 0 && byYear(totals, q.Year) == nil {
		return nil, errBadQuery
	}
	year := q.indexYear(indexID)
	p := indexPage{Head: q.indexHead(), Definition: q.text(d.Definition), Formula: d.Formula, MathFormula: d.FormulaMath}
	p.Notes = d.Notes
	p.NotMeasure = d.NotMeasured
	for _, v := range totals {
		f := q.filter
		f.Year = v.From.Year()
		p.Years = append(p.Years, yearLink{f.Year, "/indice" + f.query(), f.Year == year})
	}
	p.Sensitivity = sensitivity(d, byYear(totals, year), where(q.list(indexID), part, annual))
	axes := where(q.list(indexID), part, annual, func(v *Value) bool { return v.From.Year() == year })
	q.sortAxes(indexID, axes)
	p.Axes = q.valuesFigure(d, "Puntaje por eje", "indice", axes)
	p.Axes.Table.rename("Numerador", "Puntos con «sí»")
	p.Axes.Table.rename("Denominador", "Puntos posibles")
	p.Axes.Alt = q.axesChart(indexID).alt()
	p.History = q.valuesFigure(d, "Evolución del índice", "indice-historia", totals)
	p.History.Table = historyTable(q, d, totals)
	var err error
	if p.Groups, err = q.questions(d, year, axes); err != nil {
		return nil, err
	}
	return s.page(q, "indice", q.t("Índice de información sobre tráfico ilícito de migrantes"), p.Definition, p)
}

// sensitivity says how far the score hangs on what nobody answered and on each axis.
func sensitivity(d *indicators.Indicator, v *Value, axes []*Value) []field {
	if v == nil {
		return nil
	}
	var out []field
	if x, ok := v.Attributes["sin_contar_sin_dato"].(float64); ok {
		out = append(out, field{Name: "Solo entre preguntas respondidas", Text: formatNumber(x, d.Decimals)})
	}
	list, _ := v.Attributes["sin_cada_eje"].([]any)
	for _, item := range list {
		row, _ := item.(map[string]any)
		code, _ := row["eje"].(string)
		x, ok := row["valor"].(float64)
		if !ok {
			continue
		}
		name := code
		for _, a := range axes {
			if a.Dimensions["eje"] == code {
				name = a.label()
			}
		}
		out = append(out, field{Name: "Sin el eje " + name, Text: formatNumber(x, d.Decimals)})
	}
	return out
}

func historyTable(q *request, d *indicators.Indicator, totals []*Value) table {
	t := table{
		Caption: "El índice por año", Empty: "El índice no tiene valores publicados con estos criterios.",
		Head: []column{{Text: "Año"}, {"Puntaje", true}, {Text: "Banda"}, {"Preguntas con respuesta", true}, {Text: "Publicado"}},
	}
	for i := len(totals) - 1; i >= 0; i-- {
		v := totals[i]
		t.Rows = append(t.Rows, []cell{
			runningYear(q, v), valueCell(v, d.Decimals), {Text: statusText(attributeText(v, "banda"))},
			{Text: fmt.Sprintf("%s de %s", attributeNumber(v, "respondidas"), attributeNumber(v, "preguntas")), Numeric: true}, q.vintageCell(v),
		})
	}
	return t
}

// runningYear heads a row with its year and says when that is not over.
func runningYear(q *request, v *Value) cell {
	c := cell{Text: fmt.Sprint(v.From.Year()), Head: true}
	if !q.over(v) {
		c.Sub = "año en curso"
	}
	return c
}

// indexYear is the year asked for, else the newest year with a value that was
// over on the day of the page, else the newest.
func (q *request) indexYear(id string) int {
	if q.Year != 0 {
		return q.Year
	}
	totals := where(q.list(id), total, annual, hasValue)
	if v := newest(where(totals, q.over)); v != nil {
		return v.From.Year()
	}
	if v := newest(totals); v != nil {
		return v.From.Year()
	}
	return 0
}

// sortAxes orders values of axes as the questions are ordered.
func (q *request) sortAxes(id string, axes []*Value) {
	list, err := rows[questionRow](q.view, id)
	if err != nil {
		return // the page that lists the questions reports it
	}
	place := map[string]int{}
	for _, r := range list {
		if _, ok := place[r.Axis]; !ok {
			place[r.Axis] = len(place)
		}
	}
	slices.SortStableFunc(axes, func(a, b *Value) int { return place[a.Dimensions["eje"]] - place[b.Dimensions["eje"]] })
}

func (q *request) indexHead() *indexHead {
	d := q.indicator(indexID)
	year := q.indexYear(indexID)
	v := byYear(where(q.list(indexID), total, annual, hasValue), year)
	if d == nil || v == nil {
		return nil
	}
	h := &indexHead{
		Year: year, Score: formatNumber(*v.Value, d.Decimals), Band: attributeText(v, "banda"),
		Answered: attributeNumber(v, "respondidas"), Of: attributeNumber(v, "preguntas"),
	}
	if share, ok := v.Attributes["respondidas_porcentaje"].(float64); ok {
		h.AnsweredShare = formatValue(&share, "porcentaje", decimalsOf(&share))
	}
	axes := where(q.list(indexID), part, annual, hasValue, samePeriod(v))
	q.sortAxes(indexID, axes)
	for _, a := range axes {
		h.Axes = append(h.Axes, axisBar{a.label(), formatNumber(*a.Value, d.Decimals), newBarOf(*a.Value)})
	}
	return h
}

// questions groups the answers of a year by axis.
func (q *request) questions(d *indicators.Indicator, year int, axes []*Value) ([]axisGroup, error) {
	list, err := rows[questionRow](q.view, d.ID)
	if err != nil {
		return nil, err
	}
	var out []axisGroup
	for _, r := range list {
		if r.Year != year {
			continue
		}
		if len(out) == 0 || out[len(out)-1].ID != r.Axis {
			out = append(out, newGroup(d, r, axes))
		}
		g := &out[len(out)-1]
		item := question{
			ID: r.ID, Text: r.Text, Responsible: listText(r.Responsible), Answer: r.Answer, AnswerText: statusText(r.Answer),
			Kind: evidenceKind(r.Kind), Dataset: r.Dataset, Evidence: r.Evidence,
		}
		if due, err := time.Parse(time.DateOnly, r.Due); err == nil {
			item.Due = "vence el " + formatDay(due)
			if q.past(due) {
				item.Due = "venció el " + formatDay(due)
			}
		}
		for _, id := range r.Reports {
			item.Reports = append(item.Reports, link{fmt.Sprintf("reporte %d", id), q.href(fmt.Sprintf("/datos/reportes/%d", id))})
		}
		g.Questions = append(g.Questions, item)
	}
	return out, nil
}

func newGroup(d *indicators.Indicator, r questionRow, axes []*Value) axisGroup {
	g := axisGroup{ID: r.Axis, Name: r.AxisName, Score: missing}
	for _, a := range axes {
		if a.Dimensions["eje"] == r.Axis && a.Value != nil {
			g.Score, g.Bar = formatNumber(*a.Value, d.Decimals), newBarOf(*a.Value)
		}
	}
	return g
}

func evidenceKind(kind string) string {
	switch kind {
	case "reporte":
		return "Reporte de datos"
	case "accion":
		return "Acción documentada"
	}
	return kind
}

// listText reads a text or a list of texts as one text.
func listText(raw json.RawMessage) string {
	var one string
	if json.Unmarshal(raw, &one) == nil {
		return one
	}
	var many []string
	if json.Unmarshal(raw, &many) == nil {
		return strings.Join(many, ", ")
	}
	return ""
}

func attributeText(v *Value, name string) string {
	s, _ := v.Attributes[name].(string)
	return s
}

func attributeNumber(v *Value, name string) string {
	x, ok := v.Attributes[name].(float64)
	if !ok {
		return missing
	}
	return formatInput(&x)
}
