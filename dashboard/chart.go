package dashboard

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"

	"github.com/gttim/cauce/data"
	"github.com/gttim/cauce/indicators"
)

// chartDocument is what /graficas/{name}.json answers: the option object for
// ECharts and what our script needs to write its numbers.
type chartDocument struct {
	Publication int            `json:"publicacion"`
	Name        string         `json:"grafica"`
	Title       string         `json:"titulo"`
	Description string         `json:"descripcion"`
	Unit        string         `json:"unidad"`
	Decimals    int            `json:"decimales"`
	Option      map[string]any `json:"opcion"`
	Period      string         `json:"-"` // the one period drawn, "" when the categories are periods
	Gaps        bool           `json:"-"` // periods among those drawn have no figure
}

// Colours are names of custom properties of our style sheet; the script puts in
// what they stand for in the reader's light or dark scheme.
const (
	colorMain   = "var(--serie-1)"
	colorSecond = "var(--serie-2)"
	colorThird  = "var(--serie-3)"
	colorBefore = "var(--serie-previa)"
	colorRest   = "var(--serie-resto)"
	colorText   = "var(--tinta-2)"
	colorLine   = "var(--linea)"
	colorBreak  = "var(--aviso)"
)

// chart answers the option JSON of one chart.
func (s *Server) chart(q *request) (*answer, error) {
	name, ok := strings.CutSuffix(q.id, ".json")
	if !ok {
		return nil, errNotFound
	}
	var doc *chartDocument
	switch name {
	case "eventos-anuales":
		doc = q.annualChart("eventos_irregulares")
	case "eventos-mensuales":
		doc = q.monthlyChart("eventos_irregulares")
	case "nacionalidad":
		doc = q.partsChart("composicion_por_nacionalidad")
	case "condicion":
		doc = q.ringChart("composicion_por_condicion")
	case "eventos-carpetas":
		doc = q.twoUniversesChart()
	case "mesa":
		doc = q.progressChart("acuerdos_cumplidos")
	case "indice":
		doc = q.axesChart("indice_informacion_tim")
	case "indice-historia":
		doc = q.lineChart("indice_informacion_tim")
	default:
		id, ok := strings.CutPrefix(name, "indicador-")
		if d := q.indicator(id); ok && d != nil {
			doc = q.declaredChart(d)
		}
	}
	if doc == nil {
		return nil, errNotFound
	}
	doc.Publication, doc.Name = q.Publication.ID, name
	b, err := json.Marshal(doc)
	if err != nil {
		return nil, fmt.Errorf("write chart %s: %w", name, err)
	}
	return q.finish(typeJSON, b), nil
}

// declaredChart draws an indicator in the form that it declares, or in the one
// that its values allow.
func (q *request) declaredChart(d *indicators.Indicator) *chartDocument {
	values := where(q.list(d.ID), hasValue)
	totals := where(values, total)
	switch {
	case d.Chart.Kind == "ejes":
		return q.axesChart(d.ID)
	case d.Chart.Kind == "dona":
		return q.ringChart(d.ID)
	case d.Chart.Kind == "barras_horizontales", len(totals) == 0:
		return q.partsChart(d.ID)
	case d.Chart.Kind == "lineas" && len(where(totals, annual)) > 1:
		return q.lineChart(d.ID)
	case len(where(totals, annual)) > 0:
		return q.annualChart(d.ID)
	case len(where(totals, monthly)) > 0:
		return q.monthlyChart(d.ID)
	}
	return q.listChart(d.ID)
}

// newBar makes a bar chart with what all of ours share. A horizontal one has its
// first category on top.
func newBar(categories []string, horizontal bool) *charts.Bar {
	bar := charts.NewBar()
	bar.SetGlobalOptions(
		charts.WithColorsOpts(opts.Colors{colorMain, colorSecond, colorThird}),
		charts.WithTooltipOpts(opts.Tooltip{Show: opts.Bool(true), Trigger: "axis"}),
		charts.WithLegendOpts(opts.Legend{Show: opts.Bool(false)}),
		charts.WithGridOpts(opts.Grid{Left: "4", Right: "28", Top: "44", Bottom: "28"}),
		charts.WithAriaOpts(&opts.Aria{Enabled: opts.Bool(true)}),
		charts.WithXAxisOpts(categoryAxis()),
		charts.WithYAxisOpts(valueAxis()),
	)
	bar.SetXAxis(categories)
	if horizontal {
		bar.XYReversal()
		bar.GridList[0].Right, bar.GridList[0].Top = "64", "12" // room for the numbers at the ends of the bars
		x, y := categoryAxis(), valueAxis()
		bar.SetGlobalOptions(
			charts.WithXAxisOpts(opts.XAxis{Type: y.Type, AxisLabel: y.AxisLabel, SplitLine: y.SplitLine, SplitNumber: 4}),
			charts.WithYAxisOpts(opts.YAxis{Type: x.Type, Inverse: opts.Bool(true), AxisLabel: x.AxisLabel, AxisLine: x.AxisLine}),
		)
	}
	return bar
}

func categoryAxis() opts.XAxis {
	return opts.XAxis{
		Type:      "category",
		AxisLabel: &opts.AxisLabel{Color: colorText, HideOverlap: opts.Bool(true)},
		AxisLine:  &opts.AxisLine{LineStyle: &opts.LineStyle{Color: colorLine}},
		AxisTick:  &opts.AxisTick{Show: opts.Bool(false)},
	}
}

func valueAxis() opts.YAxis {
	return opts.YAxis{
		Type:        "value",
		SplitNumber: 4,
		AxisLabel:   &opts.AxisLabel{Color: colorText, HideOverlap: opts.Bool(true)},
		SplitLine:   &opts.SplitLine{Show: opts.Bool(true), LineStyle: &opts.LineStyle{Color: colorLine}},
	}
}

func showLabels(position string) charts.SeriesOpts {
	return charts.WithLabelOpts(opts.Label{Show: opts.Bool(true), Position: position, Color: colorText})
}

func legend() charts.GlobalOpts {
	return charts.WithLegendOpts(opts.Legend{
		Show: opts.Bool(true), Left: "0", Top: "0", ItemWidth: 14, ItemHeight: 10,
		TextStyle: &opts.TextStyle{Color: colorText},
	})
}

// option finishes a chart as a JSON object.
func option(c interface {
	Validate()
	JSON() map[string]any
}) map[string]any {
	c.Validate()
	m := c.JSON()
	// Every heading is in the page; the tool box would only cover the drawing.
	delete(m, "title")
	delete(m, "toolbox")
	return m
}

// noValue is how ECharts is told that there is nothing at a place: not zero.
const noValue = "-"

// plotted rounds a value to the decimals that a reader sees.
func plotted(x *float64, decimals int) any {
	if x == nil || math.IsNaN(*x) || math.IsInf(*x, 0) {
		return noValue
	}
	p := math.Pow10(decimals)
	return math.Round(*x*p) / p
}

// yearsOf lists every year from the first to the last of some yearly values, so
// that a year without figures stays an empty place.
func yearsOf(values ...[]*Value) []int {
	first, last := 0, -1
	for _, list := range values {
		for _, v := range list {
			y := v.From.Year()
			if last < first {
				first, last = y, y
			}
			first, last = min(first, y), max(last, y)
		}
	}
	var out []int
	for y := first; y <= last; y++ {
		out = append(out, y)
	}
	return out
}

func yearTexts(years []int) []string {
	out := make([]string, len(years))
	for i, y := range years {
		out[i] = fmt.Sprint(y)
	}
	return out
}

// byYear finds the value of a year, nil for none.
func byYear(values []*Value, year int) *Value {
	for _, v := range values {
		if v.From.Year() == year {
			return v
		}
	}
	return nil
}

// breakDay is the first day of a new method, zero when it is not a day.
func breakDay(b data.Break) time.Time {
	d, _ := time.Parse(time.DateOnly, b.From)
	return d
}

// breakYear is the first year of the newest method of an indicator, 0 without a
// break.
func breakYear(d *indicators.Indicator) int {
	var last time.Time
	for _, b := range d.Breaks {
		if from := breakDay(b); from.After(last) {
			last = from
		}
	}
	if last.IsZero() {
		return 0
	}
	return last.Year()
}
