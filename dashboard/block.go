package dashboard

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gttim/cauce/indicators"
)

// table is a table as the template draws it.
type table struct {
	Caption string
	Quiet   bool // the caption repeats the heading above: it is for screen readers only
	Stacked bool // rows of text: where there is no room each is a block of named lines
	Head    []column
	Rows    [][]cell
	Empty   string // shown when there is no row
}

type column struct {
	Text    string
	Numeric bool
}

type cell struct {
	Text    string
	Href    string
	Sub     string // second line, small
	Numeric bool
	Head    bool   // heads its row
	Date    bool   // stays on one line
	Badge   string // kind of badge around Text, "" for none
	Links   []link
}

// Long tells a text that needs a wide column: one that is left over from the
// others in a narrow window would break it after every word.
func (c cell) Long() bool { return len([]rune(c.Text)) > 40 }

// figure is a chart with all that belongs under it: its table, its sources, the
// date of publication and what a reader must know.
type figure struct {
	ID, Title, Lead string
	Chart, Alt      string // address of the option JSON and text alternative; no chart when empty
	Size            string // alta | media | baja
	Table           table
	Folded          bool   // the table is long: it starts closed
	Sheet           string // address of the indicator's sheet, "" on the sheet itself
	Sources         []source
	Published       string
	Caveats         []string
}

// source is a report that a figure came from.
type source struct {
	Text, Href      string
	Published       string
	Report, Dataset string
	ReportHref      string
	Corrects        string // the report that it corrects, "" for none
}

// sources lists the reports behind some values.
func (q *request) sources(values []*Value) []source {
	var out []source
	for _, l := range q.reportsOf(values) {
		x := source{
			Text: sourceText(l.Source), Href: address(l.Source),
			Published: publishedUnless(l),
			Report:    strconv.Itoa(l.Report), Dataset: l.Dataset,
			ReportHref: q.href("/datos/reportes/" + strconv.Itoa(l.Report)),
		}
		if l.Corrects != 0 {
			x.Corrects = strconv.Itoa(l.Corrects)
		}
		out = append(out, x)
	}
	return out
}

// publishedUnless is the publication date of a report, "" when its source says it
// already.
func publishedUnless(l *Load) string {
	date := formatDated(l.Published, l.PublishedPrecision)
	if strings.Contains(l.Source, date) {
		return ""
	}
	return date
}

// dated says when the newest report behind a value was published. What a deadline
// decided holds from the deadline on, which no report was published on.
func (q *request) dated(v *Value) (at time.Time, precision string) {
	var newest *Load
	for _, id := range v.Reports {
		if l := q.reports[id]; l != nil && (newest == nil || l.Published.After(newest.Published)) {
			newest = l
		}
	}
	if newest != nil && newest.Published.Before(v.Vintage) {
		return newest.Published, newest.PublishedPrecision
	}
	return v.Vintage, v.VintagePrecision
}

// published is the newest publication date among some values, as exact as it is
// known. A value without a report dates from a deadline, when nothing was published.
func (q *request) published(values []*Value) string {
	var newest time.Time
	text := ""
	for _, v := range values {
		if at, precision := q.dated(v); len(v.Reports) > 0 && at.After(newest) {
			newest, text = at, formatDated(at, precision)
		}
	}
	return text
}

// caveats collects what must be said under figures made of these values.
func (q *request) caveats(d *indicators.Indicator, values []*Value) []string {
	var out []string
	add := func(text string) {
		if text != "" && !slices.Contains(out, text) {
			out = append(out, text)
		}
	}
	if d != nil {
		for _, b := range d.Breaks {
			if from := breakDay(b); !from.IsZero() && spans(values, from) {
				add("Ruptura de la serie en " + strconv.Itoa(from.Year()) + ": " + q.text(b.Text))
			}
		}
	}
	for _, l := range q.reportsOf(values) {
		if l.Synthetic {
			add(fmt.Sprintf("El reporte %d tiene filas simuladas para pruebas: lo que sale de él no es una cifra real.", l.Report))
		}
	}
	var preliminary, rounded, partial bool
	for _, v := range values {
		preliminary = preliminary || v.Status == "preliminar"
		rounded = rounded || v.Interval != nil
		partial = partial || v.Status == "estimado"
	}
	if preliminary {
		add("Las cifras marcadas como preliminares pueden cambiar en publicaciones posteriores.")
	}
	if rounded {
		add("El signo ≈ marca cifras que la fuente publica redondeadas; debajo se da el intervalo de valores posibles.")
	}
	if partial {
		add("Las cifras marcadas como estimadas son aproximadas en su propia fuente.")
	}
	for _, t := range warnings(append(slices.Clone(values), q.bases(d, values)...)) {
		add(t)
	}
	if d != nil {
		for _, t := range d.Limits {
			add(t)
		}
	}
	return out
}

// warningMark begins a note that is a warning: of the load a figure comes from, or
// of what another dataset says of the same period.
const warningMark = "Aviso "

// shownWarnings is how many warnings stand under one figure; each figure has its
// own among its notes.
const shownWarnings = 3

// warnings collects the warnings of the loads that some values come from.
func warnings(values []*Value) []string {
	var out []string
	for _, v := range values {
		for _, n := range v.Notes {
			if strings.HasPrefix(n, warningMark) && !slices.Contains(out, n) {
				out = append(out, n)
			}
		}
	}
	if more := len(out) - shownWarnings; more > 0 {
		out = append(out[:shownWarnings], fmt.Sprintf("Y %s avisos más, en las notas de cada cifra.", formatCount(int64(more))))
	}
	return out
}

// bases lists the totals of other indicators that values of d are worked out from,
// of the same periods: what warns of them warns of the values too.
func (q *request) bases(d *indicators.Indicator, values []*Value) []*Value {
	if d == nil {
		return nil
	}
	var from []string
	for _, v := range d.Variables {
		from = append(from, v.From...)
	}
	slices.Sort(from)
	var out []*Value
	for _, id := range slices.Compact(from) {
		if id == d.ID || q.indicator(id) == nil {
			continue
		}
		for _, b := range where(q.list(id), total) {
			if len(b.Notes) > 0 && slices.ContainsFunc(values, samePeriod(b)) {
				out = append(out, b)
			}
		}
	}
	return out
}

// spans tells whether some values begin before a day and some end on it or later.
func spans(values []*Value, day time.Time) bool {
	var before, after bool
	for _, v := range values {
		before = before || v.From.Before(day)
		after = after || !v.To.Before(day)
	}
	return before && after
}

// valueCell shows a value in its unit, with the interval where the source rounds.
func valueCell(v *Value, decimals int) cell {
	c := cell{Text: formatValue(v.Value, v.Unit, decimals), Numeric: true}
	if v.Interval != nil && v.Value != nil {
		c.Text = "≈" + nbsp + c.Text
		c.Sub = fmt.Sprintf("entre %s y %s", formatNumber(v.Interval[0], decimals), formatNumber(v.Interval[1], decimals))
	}
	return c
}

// provisional marks, where a table has no column for the status, a figure that
// its source may still change.
func provisional(v *Value) string {
	if v.Status != indicators.StatusPreliminary {
		return ""
	}
	return "preliminar"
}

// statusCell shows the status of an observation.
func statusCell(v *Value) cell {
	c := cell{Text: statusText(v.Status), Badge: v.Status}
	if v.Break {
		c.Sub = "cruza la ruptura de la serie"
	}
	return c
}

// vintageCell shows when the newest figure used was published.
func (q *request) vintageCell(v *Value) cell {
	if len(v.Reports) == 0 {
		return cell{Text: missing}
	}
	return cell{Text: formatDated(q.dated(v)), Date: true}
}

// reportsCell links to the reports behind a value.
func (q *request) reportsCell(ids []int) cell {
	var c cell
	for _, id := range q.withCorrected(ids) {
		c.Links = append(c.Links, link{strconv.Itoa(id), q.href("/datos/reportes/" + strconv.Itoa(id))})
	}
	if len(ids) == 0 {
		c.Text = "—"
	}
	return c
}

// rename gives a column of the table another heading.
func (t *table) rename(from, to string) {
	for i := range t.Head {
		if t.Head[i].Text == from {
			t.Head[i].Text = to
		}
	}
}

// valueTable shows values one per row, with everything that is known of each.
func (q *request) valueTable(d *indicators.Indicator, caption string, values []*Value) table {
	t := table{Caption: caption, Empty: "No hay cifras publicadas con estos criterios."}
	ratio, noted, mixed := false, false, false
	var dims []string
	for _, v := range values {
		ratio = ratio || v.Denominator != nil
		noted = noted || len(v.Notes) > 0
		mixed = mixed || v.Unit != d.Unit
		for k := range v.Dimensions {
			if !slices.Contains(dims, k) {
				dims = append(dims, k)
			}
		}
	}
	slices.Sort(dims)
	t.Head = []column{{Text: "Periodo"}}
	for _, k := range dims {
		t.Head = append(t.Head, column{Text: dimensionName(d, k)})
	}
	head := unitHead(d.Unit)
	if mixed {
		head = unitHead("")
	}
	t.Head = append(t.Head, column{head, true})
	if ratio {
		t.Head = append(t.Head, column{"Numerador", true}, column{"Denominador", true})
	}
	t.Head = append(t.Head, column{Text: "Estado"}, column{Text: "Publicado"}, column{Text: "Reportes"})
	if noted {
		t.Head = append(t.Head, column{Text: "Notas"})
	}
	for _, v := range values {
		row := []cell{{Text: formatPeriod(v.From, v.To), Head: true}}
		for _, k := range dims {
			row = append(row, cell{Text: dimensionLabel(v, k)})
		}
		value := valueCell(v, d.Decimals)
		if mixed && value.Sub == "" && v.Dimensions["unidad"] == "" {
			value.Sub = v.Unit
		}
		row = append(row, value)
		if ratio {
			row = append(row, cell{Text: formatInput(v.Numerator), Numeric: true}, cell{Text: formatInput(v.Denominator), Numeric: true})
		}
		row = append(row, statusCell(v), q.vintageCell(v), q.reportsCell(v.Reports))
		if noted {
			row = append(row, cell{Sub: joinNotes(v.Notes)})
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// dimensionName is what an indicator calls a dimension.
func dimensionName(d *indicators.Indicator, k string) string {
	for _, x := range d.Dimensions {
		if x.ID == k {
			return x.Name
		}
	}
	return dimensionText(k)
}

func dimensionLabel(v *Value, k string) string {
	switch {
	case v.Dimensions[k] == "":
		return "Total"
	case v.Labels[k] != "":
		return v.Labels[k]
	}
	return v.Dimensions[k]
}
