package dashboard

import (
	"fmt"
	"time"

	"github.com/gttim/cauce/indicators"
)

// topicPage is a page that is a list of figures: what it is about, one number on
// top, what must not be read into it, what was said, the figures.
type topicPage struct {
	Lead     string
	Figure   *bigFigure
	Fields   []field
	Box      string
	BoxLabel string // heads the items
	BoxItems []string
	Links    []link // downloads
	Claims   []claim
	Figures  []figure
	More     []link
}

type bigFigure struct{ Value, Of string }

// notMeasured collects what some indicators do not measure, each thing once.
func notMeasured(list ...*indicators.Indicator) []string {
	var out []string
	seen := map[string]bool{}
	for _, d := range list {
		if d == nil {
			continue
		}
		for _, t := range d.NotMeasured {
			if !seen[t] {
				seen[t] = true
				out = append(out, t)
			}
		}
	}
	return out
}

// sheets links to the sheets of some indicators.
func (q *request) sheets(ids ...string) []link {
	var out []link
	for _, id := range ids {
		if d := q.indicator(id); d != nil {
			out = append(out, link{"Ficha técnica: " + q.text(d.Name), q.href("/indicadores/" + id)})
		}
	}
	return out
}

// dayOf reads a day of a detail row, zero for none.
func dayOf(s string) time.Time {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return time.Time{}
	}
	return t
}

// dueCell shows a due day and, of what is not done, how long ago it passed on
// the day of the page.
func (q *request) dueCell(due string, done bool) cell {
	d := dayOf(due)
	if d.IsZero() {
		return cell{Text: "sin fecha"}
	}
	c := cell{Text: formatDay(d), Date: true}
	day := q.today
	if !q.AsOf.IsZero() && q.AsOf.Before(day) {
		day = q.AsOf
	}
	if late := int(day.Sub(d).Hours() / 24); !done && late > 0 {
		c.Sub = "venció hace " + formatDays(late)
	}
	return c
}

// doneCell shows the day on which something was done.
func doneCell(day string) cell {
	if d := dayOf(day); !d.IsZero() {
		return cell{Text: formatDay(d), Date: true}
	}
	return cell{Text: "—"}
}

// badgeCell shows a status under its colour.
func badgeCell(code, name string) cell {
	if name == "" {
		name = statusText(code)
	}
	kind := map[string]string{
		"cumplido": "si", "celebrada": "si", "implementada": "si", "en_proceso": "preliminar", "programada": "preliminar", "planeada": "preliminar",
		"reprogramada": "estimado", "pendiente": "preliminar", "cancelado": "no", "cancelada": "no", "suspendida": "no", "atrasado": "no", "tarde": "estimado",
	}[code]
	if kind == "" {
		kind = "sin_dato"
	}
	return cell{Text: name, Badge: kind}
}

// reportsOfIDs are the sources of detail rows, by their report ids.
func (q *request) reportSources(ids idList) []source {
	return q.sources([]*Value{{Reports: ids}})
}

// statusFields sums up the attributes of a share of statuses.
func statusFields(v *Value, names ...[2]string) []field {
	var out []field
	for _, n := range names {
		if x, ok := v.Attributes[n[0]].(float64); ok {
			out = append(out, field{Name: n[1], Text: formatNumber(x, 0)})
		}
	}
	return out
}

// shareFigure is the number on top for a share, with what is not known said.
func shareFigure(d *indicators.Indicator, v *Value, of string) *bigFigure {
	if v.Value == nil {
		return &bigFigure{Value: "Sin dato", Of: of}
	}
	return &bigFigure{Value: formatValue(v.Value, v.Unit, d.Decimals), Of: fmt.Sprintf("%s (%s de %s)", of, formatInput(v.Numerator), formatInput(v.Denominator))}
}
