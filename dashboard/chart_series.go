package dashboard

import (
	"fmt"
	"slices"
	"time"

	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"

	"github.com/gttim/cauce/indicators"
)

// annualChart draws yearly totals as bars; those of before a break are hollow
// and the break is a line between the years.
func (q *request) annualChart(id string) *chartDocument {
	d := q.indicator(id)
	values := where(q.list(id), total, annual, hasValue)
	if d == nil || len(values) == 0 {
		return nil
	}
	years := yearsOf(values)
	at := slices.Index(years, breakYear(d))
	before, after := make([]opts.BarData, len(years)), make([]opts.BarData, len(years))
	for i, y := range years {
		before[i].Value, after[i].Value = noValue, noValue
		v := byYear(values, y)
		switch {
		case v == nil:
		case i < at:
			before[i].Value = plotted(v.Value, d.Decimals)
		default:
			after[i].Value = plotted(v.Value, d.Decimals)
		}
	}
	bar := newBar(yearTexts(years), false)
	wholeScale(bar, d, values)
	stack := charts.WithBarChartOpts(opts.BarChart{Stack: "total"})
	if at > 0 {
		bar.SetGlobalOptions(legend())
		bar.AddSeries(fmt.Sprintf("Antes de %d, otro concepto", years[at]), before, stack, showLabels("top"),
			charts.WithItemStyleOpts(opts.ItemStyle{Color: colorBefore, BorderColor: colorMain, BorderWidth: 1.5}))
		bar.AddSeries(fmt.Sprintf("Desde %d", years[at]), after, stack, showLabels("top"),
			charts.WithItemStyleOpts(opts.ItemStyle{Color: colorMain}))
		markBreak(bar, at, len(years))
	} else {
		bar.AddSeries(d.Name.ES, after, stack, showLabels("top"))
	}
	return &chartDocument{
		Title: d.Name.ES, Unit: d.Unit, Decimals: d.Decimals, Option: option(bar),
		Description: describe(d, values), Gaps: len(years) > len(values),
	}
}

// wholeScale gives percentages that are all zero the scale up to 100: the library
// would end it at 1, as if that were much.
func wholeScale(bar *charts.Bar, d *indicators.Indicator, values []*Value) {
	if !isPercent(d.Unit) || len(where(values, func(v *Value) bool { return *v.Value != 0 })) > 0 {
		return
	}
	y := valueAxis()
	y.Min, y.Max = 0, 100
	bar.SetGlobalOptions(charts.WithYAxisOpts(y))
}

// markBreak draws a line between two categories. A category axis has no places
// between its categories, so the line stands on a second, hidden number axis.
func markBreak(bar *charts.Bar, at, n int) {
	bar.ExtendXAxis(opts.XAxis{Type: "value", Show: opts.Bool(false), Min: 0, Max: n})
	line := charts.NewLine()
	line.AddSeries("", []opts.LineData{{Value: []any{at, noValue}}},
		charts.WithLineChartOpts(opts.LineChart{XAxisIndex: 1}),
		charts.WithMarkLineNameXAxisItemOpts(opts.MarkLineNameXAxisItem{Name: "Ruptura", XAxis: at}),
		charts.WithMarkLineStyleOpts(opts.MarkLineStyle{
			Symbol: []string{"none", "none"},
			Label:  &opts.Label{Show: opts.Bool(true), Position: "end", Color: colorBreak, Formatter: "{b}"},
			LineStyle: &opts.LineStyle{
				Color: colorBreak, Type: "dashed", Width: 1.5,
			},
		}))
	bar.Overlap(line)
}

// describe says in one sentence what a chart of values shows.
func describe(d *indicators.Indicator, values []*Value) string {
	if len(values) == 0 {
		return d.Name.ES + ": sin datos."
	}
	last := newest(values)
	return fmt.Sprintf("%s, de %s a %s. El último valor es %s. La tabla que sigue tiene todas las cifras.",
		d.Name.ES, formatPeriod(values[0].From, values[0].To), formatPeriod(last.From, last.To),
		formatValue(last.Value, last.Unit, d.Decimals))
}

// monthlyChart draws monthly totals; a month without a published figure is an
// empty place.
func (q *request) monthlyChart(id string) *chartDocument {
	d := q.indicator(id)
	values := where(q.list(id), total, monthly, hasValue)
	if d == nil || len(values) == 0 {
		return nil
	}
	last := newest(values)
	var names []string
	var points []opts.BarData
	next := 0
	for m := values[0].From; !m.After(last.From); m = m.AddDate(0, 1, 0) {
		names = append(names, fmt.Sprintf("%s %d", monthName(m.Month())[:3], m.Year()))
		point := opts.BarData{Value: noValue}
		if next < len(values) && values[next].From.Equal(m) {
			point.Value = plotted(values[next].Value, d.Decimals)
			next++
		}
		points = append(points, point)
	}
	bar := newBar(names, false)
	wholeScale(bar, d, values)
	bar.AddSeries(d.Name.ES, points, charts.WithItemStyleOpts(opts.ItemStyle{Color: colorMain}))
	return &chartDocument{
		Title: d.Name.ES, Unit: d.Unit, Decimals: d.Decimals, Option: option(bar),
		Description: describe(d, values), Gaps: len(names) > len(values),
	}
}

// lineChart draws the totals of years that are over as a line on the scale of
// the unit. A year that is still running would look like a fall.
func (q *request) lineChart(id string) *chartDocument {
	d := q.indicator(id)
	values := where(q.list(id), total, annual, hasValue, q.over)
	if d == nil || len(values) == 0 {
		return nil
	}
	years := yearsOf(values)
	points := make([]opts.LineData, len(years))
	for i, y := range years {
		points[i].Value = noValue
		if v := byYear(values, y); v != nil {
			points[i].Value = plotted(v.Value, d.Decimals)
		}
	}
	line := charts.NewLine()
	y := valueAxis()
	if isPercent(d.Unit) || d.Chart.Kind == "ejes" {
		y.Min, y.Max = 0, 100
	}
	line.SetGlobalOptions(
		charts.WithColorsOpts(opts.Colors{colorMain}),
		charts.WithTooltipOpts(opts.Tooltip{Show: opts.Bool(true), Trigger: "axis"}),
		charts.WithLegendOpts(opts.Legend{Show: opts.Bool(false)}),
		charts.WithGridOpts(opts.Grid{Left: "4", Right: "28", Top: "44", Bottom: "28"}),
		charts.WithAriaOpts(&opts.Aria{Enabled: opts.Bool(true)}),
		charts.WithXAxisOpts(categoryAxis()), charts.WithYAxisOpts(y),
	)
	line.SetXAxis(yearTexts(years))
	line.AddSeries(d.Name.ES, points, showLabels("top"),
		charts.WithLineChartOpts(opts.LineChart{Symbol: "circle", SymbolSize: 8, ShowSymbol: opts.Bool(true)}),
		charts.WithLineStyleOpts(opts.LineStyle{Width: 2.5}))
	return &chartDocument{
		Title: d.Name.ES, Unit: d.Unit, Decimals: d.Decimals, Option: option(line),
		Description: describe(d, values),
	}
}

// listChart draws totals of any periods, cut-off days among them, as bars.
func (q *request) listChart(id string) *chartDocument {
	d := q.indicator(id)
	values := where(q.list(id), total, hasValue)
	if d == nil || len(values) == 0 {
		return nil
	}
	names, points := make([]string, len(values)), make([]opts.BarData, len(values))
	for i, v := range values {
		names[i], points[i].Value = formatPeriod(v.From, v.To), plotted(v.Value, d.Decimals)
	}
	bar := newBar(names, true)
	bar.AddSeries(d.Name.ES, points, showLabels("right"), charts.WithItemStyleOpts(opts.ItemStyle{Color: colorMain}),
		charts.WithBarChartOpts(opts.BarChart{BarWidth: "22"}))
	return &chartDocument{
		Title: d.Name.ES, Unit: d.Unit, Decimals: d.Decimals, Option: option(bar),
		Description: describe(d, values),
	}
}

// twoUniversesChart sets events above case files, each on its own scale: two
// universes that are looked at together and never divided.
func (q *request) twoUniversesChart() *chartDocument {
	events, cases := q.indicator("eventos_irregulares"), q.indicator("carpetas_ley_migracion")
	if events == nil || cases == nil {
		return nil
	}
	up, down := where(q.list(events.ID), total, annual, hasValue), where(q.list(cases.ID), total, annual, hasValue)
	if len(up) == 0 || len(down) == 0 {
		return nil
	}
	years := yearsOf(up, down)
	series := func(values []*Value, d *indicators.Indicator) []opts.BarData {
		out := make([]opts.BarData, len(years))
		for i, y := range years {
			out[i].Value = noValue
			if y < breakYear(d) {
				out[i].ItemStyle = &opts.ItemStyle{Color: colorBefore, BorderColor: colorMain, BorderWidth: 1.5}
			}
			if v := byYear(values, y); v != nil {
				out[i].Value = plotted(v.Value, d.Decimals)
			}
		}
		return out
	}
	bar := newBar(yearTexts(years), false)
	bar.GridList = nil
	bar.SetGlobalOptions(legend(), charts.WithGridOpts(
		opts.Grid{Left: "72", Right: "16", Top: "44", Height: "38%"},
		opts.Grid{Left: "72", Right: "16", Top: "60%", Height: "34%"},
	))
	x, y := categoryAxis(), valueAxis()
	x.GridIndex, x.Data, y.GridIndex = 1, yearTexts(years), 1
	bar.ExtendXAxis(x)
	bar.ExtendYAxis(y)
	bar.AddSeries("Eventos", series(up, events), charts.WithItemStyleOpts(opts.ItemStyle{Color: colorMain}))
	bar.AddSeries("Carpetas", series(down, cases), charts.WithItemStyleOpts(opts.ItemStyle{Color: colorSecond}),
		charts.WithBarChartOpts(opts.BarChart{XAxisIndex: 1, YAxisIndex: 1}))
	return &chartDocument{
		Title: "Eventos y carpetas de investigación", Option: option(bar),
		Description: "Arriba, " + describe(events, up) + " Abajo, " + describe(cases, down) + " Son universos distintos.",
	}
}

// progressChart draws, for each cut-off, the part done and the part still open.
func (q *request) progressChart(id string) *chartDocument {
	d := q.indicator(id)
	values := where(q.list(id), total, hasValue, func(v *Value) bool { return v.Numerator != nil && v.Denominator != nil })
	if d == nil || len(values) == 0 {
		return nil
	}
	slices.SortFunc(values, func(a, b *Value) int { return b.To.Compare(a.To) })
	names, done, open := make([]string, len(values)), make([]opts.BarData, len(values)), make([]opts.BarData, len(values))
	for i, v := range values {
		names[i] = shortDay(v.To)
		done[i].Value, open[i].Value = *v.Numerator, *v.Denominator-*v.Numerator
	}
	bar := newBar(names, true)
	bar.SetGlobalOptions(legend())
	bar.GridList[0].Top = "40"
	stack := charts.WithBarChartOpts(opts.BarChart{Stack: "total", BarWidth: "34"})
	bar.AddSeries("Cumplidos", done, stack, charts.WithItemStyleOpts(opts.ItemStyle{Color: colorMain}),
		charts.WithLabelOpts(opts.Label{Show: opts.Bool(true), Position: "inside", Color: "var(--sobre-serie)"}))
	bar.AddSeries("Por cumplir", open, stack, showLabels("right"),
		charts.WithItemStyleOpts(opts.ItemStyle{Color: colorBefore, BorderColor: colorMain, BorderWidth: 1.5}))
	return &chartDocument{Title: d.Name.ES, Unit: "acuerdos", Option: option(bar), Description: describe(d, values)}
}

func shortDay(t time.Time) string {
	return fmt.Sprintf("%d %s %d", t.Day(), monthName(t.Month())[:3], t.Year())
}
