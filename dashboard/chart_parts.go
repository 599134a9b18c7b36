package dashboard

import (
	"fmt"
	"slices"

	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"

	"github.com/gttim/cauce/indicators"
)

// composition is the parts of one period, largest first, and what they lack
// against the published total (negative when they exceed it).
type composition struct {
	Period          *Value // any part: its period and denominator are those of all
	Parts           []*Value
	Hidden          []*Value // suppressed, or withheld: they have no value, and what is lacking would be theirs
	Lack, LackShare float64
	Known           bool // the parts are of one kind and of one total, so that Lack means something
}

// comparable tells whether the parts may stand on one scale: of one unit, of one
// kind, and more than one of them. Shares of one total always may.
func (c *composition) comparable() bool {
	if c.Known {
		return true
	}
	for _, p := range c.Parts {
		if p.Unit != c.Period.Unit || !isPercent(p.Unit) && !sameDimensions(p, c.Period) {
			return false
		}
	}
	return len(c.Parts) > 1
}

// sameDimensions tells whether two values are broken down by the same things.
func sameDimensions(a, b *Value) bool {
	if len(a.Dimensions) != len(b.Dimensions) {
		return false
	}
	for k := range a.Dimensions {
		if _, ok := b.Dimensions[k]; !ok {
			return false
		}
	}
	return true
}

// newestComposition gives the parts of the newest whole year, or of the newest
// period when no whole year has parts; nil without any.
func (q *request) newestComposition(id string) *composition {
	all := where(q.list(id), part, hasValue)
	newestOf := newest(where(all, annual))
	if newestOf == nil {
		newestOf = newest(all)
	}
	if newestOf == nil {
		return nil
	}
	c := &composition{Period: newestOf, Parts: where(all, samePeriod(newestOf))}
	slices.SortStableFunc(c.Parts, func(a, b *Value) int {
		switch {
		case *a.Value > *b.Value:
			return -1
		case *a.Value < *b.Value:
			return 1
		}
		return 0
	})
	c.Hidden = where(q.list(id), part, samePeriod(newestOf), func(v *Value) bool { return v.Value == nil })
	if d := q.indicator(id); len(c.Hidden) > 0 || d == nil || d.Calculation != indicators.Percent {
		return c
	}
	sum := 0.0
	for _, p := range c.Parts {
		if p.Numerator == nil || p.Denominator == nil || *p.Denominator == 0 || *p.Denominator != *newestOf.Denominator || !sameDimensions(p, newestOf) {
			return c
		}
		sum += *p.Numerator
	}
	c.Known = true
	c.Lack = *newestOf.Denominator - sum
	c.LackShare = 100 * c.Lack / *newestOf.Denominator
	return c
}

const restName = "Sin desglose publicado"

// drawnParts is how many bars of a composition can be told apart on a phone.
const drawnParts = 15

// drawn gives the parts that have a bar of their own, how many more there are and,
// where the parts are of one total, what share those have together.
func (c *composition) drawn() (parts []*Value, others int, share float64) {
	if len(c.Parts) <= drawnParts+1 { // one bar for one part says more than one for "others"
		return c.Parts, 0, 0
	}
	for _, p := range c.Parts[drawnParts:] {
		if c.Known {
			share += 100 * *p.Numerator / *p.Denominator
		}
	}
	return c.Parts[:drawnParts], len(c.Parts) - drawnParts, share
}

// lead says which period a chart of parts shows, and that it does not show every
// part where there are too many.
func (c *composition) lead() string {
	text := formatPeriod(c.Period.From, c.Period.To)
	if parts, others, _ := c.drawn(); others > 0 {
		text += fmt.Sprintf(". Se dibujan las %d partes mayores; la tabla las tiene todas", len(parts))
	}
	return text
}

// label names a part by its only or all its dimensions.
func (v *Value) label() string {
	var names []string
	for k := range v.Dimensions {
		names = append(names, k)
	}
	slices.Sort(names)
	for i, k := range names {
		names[i] = dimensionLabel(v, k)
	}
	return joinNotes(names)
}

// partsChart draws the parts of the newest year as horizontal bars, what they
// lack against the published total last and grey.
func (q *request) partsChart(id string) *chartDocument {
	d, c := q.indicator(id), q.newestComposition(id)
	if d == nil || c == nil || !c.comparable() {
		return nil
	}
	var names []string
	var points []opts.BarData
	parts, others, share := c.drawn()
	for _, p := range parts {
		names = append(names, p.label())
		points = append(points, opts.BarData{Value: plotted(p.Value, d.Decimals)})
	}
	if others > 0 && isPercent(d.Unit) && c.Known {
		names = append(names, fmt.Sprintf("Otras %d", others))
		points = append(points, opts.BarData{Value: plotted(&share, d.Decimals), ItemStyle: &opts.ItemStyle{Color: colorRest}})
	}
	if isPercent(d.Unit) && c.Known && c.Lack > 0 {
		names = append(names, restName)
		points = append(points, opts.BarData{Value: plotted(&c.LackShare, d.Decimals), ItemStyle: &opts.ItemStyle{Color: colorRest}})
	}
	bar := newBar(names, true)
	bar.AddSeries(d.Name.ES, points, showLabels("right"), charts.WithItemStyleOpts(opts.ItemStyle{Color: colorMain}))
	return &chartDocument{
		Title: d.Name.ES, Unit: d.Unit, Decimals: d.Decimals, Option: option(bar),
		Description: describeParts(d, c), Period: c.lead(),
	}
}

// ringChart draws the parts of the newest year as a ring.
func (q *request) ringChart(id string) *chartDocument {
	d, c := q.indicator(id), q.newestComposition(id)
	if d == nil || c == nil || !c.comparable() {
		return nil
	}
	colors := []string{colorMain, colorSecond, colorThird}
	var slices []opts.PieData
	for i, p := range c.Parts {
		slices = append(slices, opts.PieData{
			Name: p.label(), Value: plotted(p.Value, d.Decimals),
			ItemStyle: &opts.ItemStyle{Color: colors[i%len(colors)], BorderColor: "var(--papel)", BorderWidth: 2},
		})
	}
	if isPercent(d.Unit) && c.Known && plotted(&c.LackShare, d.Decimals) != 0.0 && c.Lack > 0 {
		slices = append(slices, opts.PieData{
			Name: restName, Value: plotted(&c.LackShare, d.Decimals),
			ItemStyle: &opts.ItemStyle{Color: colorRest, BorderColor: "var(--papel)", BorderWidth: 2},
		})
	}
	pie := charts.NewPie()
	pie.SetGlobalOptions(
		charts.WithTooltipOpts(opts.Tooltip{Show: opts.Bool(true), Trigger: "item"}),
		charts.WithLegendOpts(opts.Legend{Show: opts.Bool(false)}),
		charts.WithAriaOpts(&opts.Aria{Enabled: opts.Bool(true)}),
	)
	pie.AddSeries(d.Name.ES, slices,
		charts.WithPieChartOpts(opts.PieChart{Radius: []string{"48%", "72%"}}),
		charts.WithLabelOpts(opts.Label{Show: opts.Bool(true), Color: colorText}))
	return &chartDocument{
		Title: d.Name.ES, Unit: d.Unit, Decimals: d.Decimals, Option: option(pie),
		Description: describeParts(d, c), Period: formatPeriod(c.Period.From, c.Period.To),
	}
}

func describeParts(d *indicators.Indicator, c *composition) string {
	text := fmt.Sprintf("%s, %s:", d.Name.ES, formatPeriod(c.Period.From, c.Period.To))
	for i, p := range c.Parts {
		if i == 3 && len(c.Parts) > 4 {
			return text + fmt.Sprintf(" y otras %d partes. La tabla que sigue tiene todas las cifras.", len(c.Parts)-i)
		}
		text += fmt.Sprintf(" %s %s;", p.label(), formatValue(p.Value, p.Unit, d.Decimals))
	}
	return text + " la tabla que sigue tiene todas las cifras."
}

// axesChart draws the five scores of the index for the year asked for.
func (q *request) axesChart(id string) *chartDocument {
	d := q.indicator(id)
	if d == nil {
		return nil
	}
	year := q.indexYear(id)
	axes := where(q.list(id), part, annual, hasValue, func(v *Value) bool { return v.From.Year() == year })
	if len(axes) == 0 {
		return nil
	}
	q.sortAxes(id, axes)
	names, points := make([]string, len(axes)), make([]opts.BarData, len(axes))
	text := fmt.Sprintf("%s, %d:", d.Name.ES, year)
	for i, v := range axes {
		names[i], points[i].Value = v.label(), plotted(v.Value, d.Decimals)
		text += fmt.Sprintf(" %s %s;", v.label(), formatValue(v.Value, v.Unit, d.Decimals))
	}
	bar := newBar(names, true)
	x := valueAxis()
	bar.SetGlobalOptions(charts.WithXAxisOpts(opts.XAxis{
		Type: x.Type, AxisLabel: x.AxisLabel, SplitLine: x.SplitLine, Min: 0, Max: 100, SplitNumber: 5,
	}))
	bar.AddSeries(d.Name.ES, points, showLabels("right"),
		charts.WithItemStyleOpts(opts.ItemStyle{Color: colorMain}),
		charts.WithBarChartOpts(opts.BarChart{BarWidth: "20", ShowBackground: opts.Bool(true)}))
	return &chartDocument{
		Title: d.Name.ES, Unit: d.Unit, Decimals: d.Decimals, Option: option(bar),
		Description: text + " la tabla que sigue tiene todas las cifras.", Period: fmt.Sprint(year),
	}
}
