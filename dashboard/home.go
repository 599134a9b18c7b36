package dashboard

import (
	"fmt"
	"time"
)

type homePage struct {
	Events     *eventsHead
	Agreements *agreementsHead
	Index      *indexHead
	Fresh      freshness
	Links      map[string]string
}

// eventsHead is the newest whole year beside the years before it.
type eventsHead struct {
	Name, Period, Value, Change, Base, Published, Status string
	Approx                                               bool
	ChangeMark                                           string // "preliminar" when one of the two figures is
	Years                                                table
	Warnings                                             []string
}

type agreementsHead struct {
	Done, All, Share, CutOff, Published string
	Bar                                 bar
	Open, Meetings, PerMeeting          string
	Warnings                            []string
}

type indexHead struct {
	Year          int
	Score, Band   string
	Answered, Of  string
	AnsweredShare string
	Axes          []axisBar
	OwnWork       string
}

type axisBar struct {
	Name, Score string
	Bar         bar
}

// bar is a horizontal bar drawn as SVG, on a scale of 0 to 1000.
type bar struct{ Width int }

func newBarOf(share float64) bar { return bar{int(min(max(share, 0), 100) * 10)} }

// freshness says how old the figures are and which reports are late.
type freshness struct {
	Publication, PublishedAt, Newest string
	WithReports, Datasets            int
	Past                             bool // on another day or load, of which nobody worked out what was late
	Late                             []lateDataset
	Waiting                          []string // datasets with a cadence and no report at all
	LastLoad                         string
	LastLoadHref                     string
}

type lateDataset struct {
	ID, Title, Days, Due, Period string
}

// home answers the start page: the three figures and how fresh they are.
func (s *Server) home(q *request) (*answer, error) {
	p := homePage{Events: q.eventsHead(), Agreements: q.agreementsHead(), Index: q.indexHead(), Fresh: s.freshness(q)}
	p.Links = map[string]string{}
	for _, path := range []string{"/eventos", "/mesa", "/indice", "/datos", "/indicadores", "/acerca"} {
		p.Links[path[1:]] = q.href(path)
	}
	return s.page(q, "home", q.t("Cifras del tráfico ilícito de personas migrantes en México, cada una con su fuente"),
		"Cifras publicadas sobre el tráfico ilícito de personas migrantes en México, cada una con su fuente, su fecha y el reporte del que proviene.", p)
}

func (q *request) eventsHead() *eventsHead {
	d := q.indicator("eventos_irregulares")
	years := where(q.list("eventos_irregulares"), total, annual, hasValue)
	last := newest(years)
	if d == nil || last == nil {
		return nil
	}
	changes := where(q.list("variacion_anual_eventos"), total, annual)
	h := &eventsHead{
		Name: q.text(d.Name), Period: formatPeriod(last.From, last.To), Value: formatValue(last.Value, last.Unit, d.Decimals),
		Published: formatDated(last.Vintage, last.VintagePrecision), Status: last.Status, Approx: last.Interval != nil,
		Years: table{Caption: "Los años más recientes", Head: []column{{Text: "Año"}, {"Eventos", true}, {"Cambio anual", true}}},
	}
	if c := byYear(changes, last.From.Year()); c != nil {
		h.Change, h.ChangeMark = formatChange(c.Value), provisional(c)
		h.Base = formatInput(c.Denominator)
	}
	var seen []*Value
	for i := len(years) - 1; i >= 0 && len(years)-i <= 4; i-- {
		v, change := years[i], cell{Text: "—", Numeric: true}
		seen = append(seen, v)
		if c := byYear(changes, v.From.Year()); c != nil && c.Value != nil {
			change.Text, change.Sub = formatChange(c.Value), provisional(c)
			seen = append(seen, c)
		}
		value := valueCell(v, d.Decimals)
		if value.Sub == "" {
			value.Sub = provisional(v)
		}
		h.Years.Rows = append(h.Years.Rows, []cell{{Text: fmt.Sprint(v.From.Year()), Head: true}, value, change})
	}
	h.Warnings = warnings(seen)
	return h
}

func (q *request) agreementsHead() *agreementsHead {
	v := newest(where(q.list("acuerdos_cumplidos"), total, hasValue))
	if v == nil {
		return nil
	}
	h := &agreementsHead{
		Done: formatInput(v.Numerator), All: formatInput(v.Denominator), Share: formatValue(v.Value, v.Unit, 2),
		CutOff: formatDay(v.To), Published: formatDated(v.Vintage, v.VintagePrecision), Bar: newBarOf(*v.Value), Warnings: warnings([]*Value{v}),
	}
	if v.Numerator != nil && v.Denominator != nil {
		open := *v.Denominator - *v.Numerator
		h.Open = formatInput(&open)
	}
	if d := q.indicator("acuerdos_por_reunion"); d != nil {
		if per := newest(where(q.list(d.ID), total, hasValue, samePeriod(v))); per != nil {
			h.PerMeeting, h.Meetings = formatValue(per.Value, per.Unit, d.Decimals), formatInput(per.Denominator)
		}
	}
	return h
}

func (s *Server) freshness(q *request) freshness {
	f := freshness{Publication: fmt.Sprint(q.Publication.ID), PublishedAt: formatInstant(q.Publication.At, s.zone), Datasets: len(q.Datasets)}
	datasets, loads := q.Datasets, q.loads()
	ends := endingsOf(loads)
	if f.Past = q.clocks().query() != ""; f.Past { // the datasets are as they are now: only the loads tell what there was
		datasets = nil
		seen := map[string]bool{}
		for _, l := range loads {
			if ends.stands(l) {
				seen[l.Dataset] = true
			}
		}
		f.WithReports = len(seen)
	}
	for _, d := range datasets {
		if d.Rows > 0 || d.Uncounted && !d.First.IsZero() {
			f.WithReports++
		} else if d.Cadence.Known() && d.Cadence.FormOf == "" && q.reached(d).IsZero() {
			f.Waiting = append(f.Waiting, q.text(d.Catalog.Title))
		}
		if days := q.lateDays(d); days > 0 {
			end, _ := d.Cadence.NextExpected(q.reached(d))
			due, _ := d.Cadence.DueDate(end)
			f.Late = append(f.Late, lateDataset{d.ID, q.text(d.Catalog.Title), formatDays(days), formatDay(due), monthPeriod(end, d.Cadence.Every)})
		}
	}
	var newest *Load // a figure may be newer than every source: a deadline that passes is none
	for _, l := range loads {
		if !ends.stands(l) {
			continue
		}
		if f.LastLoad == "" {
			f.LastLoad = formatInstant(l.Finished, s.zone)
			f.LastLoadHref = q.href(fmt.Sprintf("/datos/reportes/%d", l.Report))
		}
		if newest == nil || l.Published.After(newest.Published) {
			newest = l
		}
	}
	if newest != nil {
		f.Newest = formatDated(newest.Published, newest.PublishedPrecision)
	}
	return f
}

// lateDays is for how many days, begun ones included, the next report of a
// dataset has been late, in whichever form.
func (q *request) lateDays(d *Dataset) int {
	late := q.overdue(d, q.now)
	if late <= 0 {
		return 0
	}
	return int(late.Hours()/24) + 1
}

// overdue is how long the next report of a dataset has been late at a moment, in
// whichever form: it is missed once, at the dataset of which the others are forms.
func (s *Snapshot) overdue(d *Dataset, now time.Time) time.Duration {
	if d.Cadence.FormOf != "" {
		return 0
	}
	return d.Cadence.Overdue(now, s.reached(d))
}
