package dashboard

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/gttim/cauce/indicators"
)

type eventsPage struct {
	Definition string
	NotMeasure []string
	Annual     figure
	Claims     []claim
	Monthly    figure
	Periods    figure
	Nation     figure
	Condition  figure
	Cases      figure
}

// events answers /eventos: the yearly series, the change beside what has been
// said of it, months, composition, and events beside case files.
func (s *Server) events(q *request) (*answer, error) {
	const id = "eventos_irregulares"
	d := q.indicator(id)
	if d == nil {
		return nil, errNotFound
	}
	claims, err := q.claims("variacion_anual_eventos", id)
	if err != nil {
		return nil, err
	}
	p := eventsPage{Definition: q.text(d.Definition), Claims: claims}
	p.NotMeasure = d.NotMeasured
	p.Annual = q.annualFigure(d)
	p.Monthly = q.valuesFigure(d, "Eventos por mes", "eventos-mensuales", where(q.list(id), total, monthly))
	p.Annual.explain(q.annualChart(id))
	p.Monthly.explain(q.monthlyChart(id))
	p.Monthly.Folded = len(p.Monthly.Table.Rows) > 14
	p.Periods = q.valuesFigure(d, "Periodos acumulados publicados", "", where(q.list(id), total, otherwise))
	p.Periods.Lead = "Periodos tal como se publicaron. Ninguno se obtiene restando otros, y los que se traslapan no se suman."
	p.Nation = q.partsFigure("composicion_por_nacionalidad", "Composición por nacionalidad", "nacionalidad", "alta")
	p.Condition = q.partsFigure("composicion_por_condicion", "Composición por condición", "condicion", "media")
	p.Cases = q.casesFigure()
	return s.page(q, "eventos", q.t("Eventos de personas en situación migratoria irregular"), p.Definition, p)
}

// annualFigure is the yearly series with the change on the year before.
func (q *request) annualFigure(d *indicators.Indicator) figure {
	values := where(q.list(d.ID), total, annual)
	changes := where(q.list("variacion_anual_eventos"), total, annual)
	f := q.valuesFigure(d, "Eventos por año", "eventos-anuales", values)
	f.Size = "alta"
	f.Table = table{
		Caption: "Eventos por año y cambio respecto del año anterior", Empty: "No hay años completos publicados.",
		Head: []column{{Text: "Año"}, {"Eventos", true}, {"Cambio anual", true}, {Text: "Estado"}, {Text: "Publicado"}, {Text: "Reportes"}},
	}
	for i := len(values) - 1; i >= 0; i-- {
		v := values[i]
		change := cell{Text: "—", Numeric: true}
		if c := byYear(changes, v.From.Year()); c != nil && c.Value != nil {
			change.Text = formatChange(c.Value)
			change.Sub = fmt.Sprintf("sobre %s", formatInput(c.Denominator))
			if c.Break {
				change.Sub += ", cruza la ruptura"
			}
			if mark := provisional(c); mark != "" {
				change.Sub += ", " + mark
			}
		}
		f.Table.Rows = append(f.Table.Rows, []cell{
			{Text: formatPeriod(v.From, v.To), Head: true, Sub: joinNotes(v.Notes)}, valueCell(v, d.Decimals), change, statusCell(v), q.vintageCell(v), q.reportsCell(v.Reports),
		})
	}
	return f
}

// casesFigure sets yearly events beside yearly case files.
func (q *request) casesFigure() figure {
	events, cases := q.indicator("eventos_irregulares"), q.indicator("carpetas_ley_migracion")
	f := figure{ID: "carpetas", Title: q.t("Eventos y carpetas de investigación"), Size: "alta"}
	if events == nil || cases == nil {
		return f
	}
	up, down := where(q.list(events.ID), total, annual), where(q.list(cases.ID), total)
	down = where(down, func(v *Value) bool { return !monthly(v) })
	if len(down) == 0 {
		f.Table.Empty = "No hay carpetas publicadas con estos criterios."
		return f
	}
	f.Chart, f.Alt = q.chartURL("eventos-carpetas"), q.twoUniversesChart().alt()
	f.Lead = "Universos distintos: los eventos cuentan medidas administrativas hacia personas extranjeras; las carpetas cuentan investigaciones penales federales por delitos de la Ley de Migración. Una cifra no explica ni mide a la otra."
	f.Table = table{
		Caption: "Eventos y carpetas de investigación por periodo",
		Head:    []column{{Text: "Periodo"}, {"Eventos", true}, {"Carpetas", true}, {Text: "Publicación de las carpetas"}, {Text: "Reportes de las carpetas"}},
	}
	for _, v := range newestFirst(up, down) {
		row := []cell{{Text: formatPeriod(v.From, v.To), Head: true}, {Text: "—", Numeric: true}, {Text: "—", Numeric: true}, {Text: "—"}, {Text: "—"}}
		if e := where(up, samePeriod(v)); len(e) == 1 {
			row[1] = valueCell(e[0], events.Decimals)
			if row[1].Sub == "" {
				row[1].Sub = provisional(e[0])
			}
		}
		if c := where(down, samePeriod(v)); len(c) == 1 {
			row[2], row[3], row[4] = valueCell(c[0], cases.Decimals), q.vintageCell(c[0]), q.reportsCell(c[0].Reports)
		}
		f.Table.Rows = append(f.Table.Rows, row)
	}
	f.Sources, f.Published = q.sources(down), q.published(down)
	f.Caveats = append([]string{"Universos distintos: no se dividen ni se suman."}, q.caveats(cases, down)...)
	return f
}

// newestFirst gives one value for each period of two lists, the period that begins
// last first and, of those, the longest.
func newestFirst(a, b []*Value) []*Value {
	all := slices.Concat(a, b)
	slices.SortStableFunc(all, func(x, y *Value) int { return cmp.Or(y.From.Compare(x.From), y.To.Compare(x.To)) })
	return slices.CompactFunc(all, func(x, y *Value) bool { return samePeriod(x)(y) })
}

// claim is something that was said, beside what the loaded reports give.
type claim struct {
	Text, Institution, Where, Date, URL string
	Said, Found, Arithmetic, Bases      string
	Unit, Period, Note                  string   // Unit: of what the reports give, "" where the figure says it
	Warnings                            []string // of the figure that the reports give
	Reports                             []link
}

// claimRow is a claim as the detail table has it.
type claimRow struct {
	ID          string   `json:"afirmacion"` // "" for details that are no claims
	Text        string   `json:"texto"`
	Institution string   `json:"institucion"`
	Where       string   `json:"donde"`
	Date        string   `json:"fecha"`
	URL         string   `json:"url"`
	Component   string   `json:"componente"` // valor | numerador | denominador: what of the indicator was said
	Said        *float64 `json:"valor_dicho"`
	From        string   `json:"periodo_inicio"`
	To          string   `json:"periodo_fin"`
	Found       *float64 `json:"valor_calculado"`
	Numerator   *float64 `json:"numerador"`
	Denominator *float64 `json:"denominador"`
	BaseMin     *float64 `json:"base_min"`
	BaseMax     *float64 `json:"base_max"`
	Reports     idList   `json:"reportes"`
	Note        string   `json:"nota"`
}

// claims lists what was said about some indicators.
func (q *request) claims(indicators ...string) ([]claim, error) {
	var out []claim
	for _, id := range indicators {
		d := q.indicator(id)
		if d == nil {
			continue
		}
		list, err := rows[claimRow](q.view, id)
		if err != nil {
			return nil, err
		}
		for _, r := range list {
			if r.ID == "" || !q.AsOf.IsZero() && r.said().After(q.AsOf) {
				continue
			}
			c := r.claim(d)
			c.Reports = q.reportsCell(r.Reports).Links
			c.Warnings = warnings(where(q.list(id), total, func(v *Value) bool {
				return v.From.Equal(dayOf(r.From)) && v.To.Equal(dayOf(r.To))
			}))
			out = append(out, c)
		}
	}
	return out, nil
}

// said is the day on which a claim was made; of one known by its month or year
// the last day.
func (r claimRow) said() time.Time {
	for layout, months := range map[string]int{"2006-01": 1, "2006": 12} {
		if t, err := time.Parse(layout, r.Date); err == nil {
			return t.AddDate(0, months, -1)
		}
	}
	return dayOf(r.Date)
}

func (r claimRow) claim(d *indicators.Indicator) claim {
	unit := d.Unit
	if r.Component == "numerador" || r.Component == "denominador" {
		unit = "" // a count, whatever the indicator's own unit
	}
	write := func(x *float64) string {
		if isPercent(unit) {
			return formatValue(x, unit, decimalsOf(x))
		}
		return formatInput(x)
	}
	c := claim{Text: r.Text, Institution: r.Institution, Where: r.Where, URL: address(r.URL), Note: r.Note, Said: write(r.Said)}
	if date := dateText(r.Date); !strings.Contains(r.Where, date) {
		c.Date = date
	}
	if from, err := time.Parse(time.DateOnly, r.From); err == nil {
		if to, err := time.Parse(time.DateOnly, r.To); err == nil {
			c.Period = formatPeriod(from, to)
		}
	}
	if r.Found != nil {
		c.Found = write(r.Found)
		if isPercent(unit) {
			c.Found = formatValue(r.Found, unit, 2)
		}
	}
	if d.Calculation == indicators.Count && unit != "" {
		c.Unit = unit
	}
	if r.Numerator != nil && r.Denominator != nil && r.Found != nil {
		c.Arithmetic = arithmetic(d.Calculation, *r.Numerator, *r.Denominator, r.Found)
	}
	if r.BaseMin != nil && r.BaseMax != nil {
		c.Bases = fmt.Sprintf("%s sería correcto con una base de entre %s y %s", c.Said, formatInput(r.BaseMin), formatInput(r.BaseMax))
		if r.Denominator != nil {
			c.Bases += fmt.Sprintf("; la base publicada y vigente es %s", formatInput(r.Denominator))
		}
		c.Bases += "."
	}
	return c
}

// decimalsOf is how many decimals, two at most, a number was said with.
func decimalsOf(x *float64) int {
	for n := 0; x != nil && n < 2; n++ {
		if rounded := plotted(x, n); rounded == *x {
			return n
		}
	}
	return 2
}

// arithmetic writes out how a figure follows from its two inputs.
func arithmetic(calculation indicators.Calculation, num, den float64, found *float64) string {
	a, b := formatInput(&num), formatInput(&den)
	switch calculation {
	case indicators.Change:
		return fmt.Sprintf("%s ÷ %s − 1 = %s", a, b, formatChange(found))
	case indicators.Percent:
		return fmt.Sprintf("%s ÷ %s = %s", a, b, formatValue(found, "porcentaje", 2))
	case indicators.Ratio:
		return fmt.Sprintf("%s ÷ %s = %s", a, b, formatNumber(*found, 2))
	case indicators.Count:
	}
	return ""
}

// dateText writes a date given as AAAA-MM-DD, AAAA-MM or AAAA.
func dateText(s string) string {
	for layout, precision := range map[string]string{time.DateOnly: "dia", "2006-01": "mes", "2006": "anio"} {
		if t, err := time.Parse(layout, s); err == nil {
			return formatDated(t, precision)
		}
	}
	return s
}
