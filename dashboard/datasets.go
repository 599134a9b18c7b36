package dashboard

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

type datasetsPage struct {
	Datasets []datasetItem
	Loads    table
}

type datasetItem struct {
	ID, Title, Description string
	Agency, Contact, Class string
	Cadence, Due           string
	Late                   string // for how long; "" when on time or without a cadence
	Known                  bool   // has a published cadence
	FormOf                 string // the dataset at which a missing report is told, "" for this one
	LastReport             link
	LastPublished          string
	Period, Rows           string
	Accepted, Quarantined  string
	Withdrawn              string // what Accepted leaves out, "" for nothing
	Open                   string // rows that wait for their correction, "" for none
	Source, Licence        string
	SourceHref             string
	Notes                  []string
	Answers                []string // what it answers in the index
}

// datasets answers /datos: what is declared, what was loaded, what is late.
func (s *Server) datasets(q *request) (*answer, error) {
	var p datasetsPage
	loads := q.loads()
	answers, err := q.indexAnswers()
	if err != nil {
		return nil, err
	}
	for _, d := range q.Datasets {
		item := q.datasetItem(d, loads)
		item.Answers = answers[d.ID]
		p.Datasets = append(p.Datasets, item)
	}
	p.Loads = table{
		Caption: "Cargas, de la más reciente a la más antigua", Empty: "No se ha cargado ningún reporte con estos criterios.",
		Head: []column{{Text: "Carga"}, {Text: "Resultado"}, {Text: "Conjunto"}, {Text: "Archivo"}, {"Filas aceptadas", true}, {"En cuarentena", true}, {"Avisos", true}, {Text: "Reporte"}, {Text: "Publicado"}, {Text: "Cargado"}},
	}
	ends := endingsOf(loads)
	for _, l := range loads {
		accepted := l.rowsCell(l.Accepted)
		accepted.Sub = ends.text(l)
		p.Loads.Rows = append(p.Loads.Rows, []cell{
			{Text: strconv.Itoa(l.ID), Head: true, Href: q.atLoad(l.ID)},
			{Text: statusText(l.Outcome), Badge: l.Outcome, Sub: l.Reason}, {Text: l.Dataset}, {Text: l.File},
			accepted, l.quarantineCell(), q.warningsCell(l),
			q.reportCell(l),
			{Text: formatDated(l.Published, l.PublishedPrecision)}, {Text: shortDay(l.Finished.In(s.zone)), Sub: l.Finished.In(s.zone).Format("15:04"), Date: true},
		})
	}
	return s.page(q, "datos", q.t("Datos cargados"), "Qué reportes se cargaron, cuándo, con cuántas filas y cuáles están atrasados.", p)
}

// indexAnswers says, by dataset, which questions of the index it answers and how,
// in the year that the index's page shows and, where there is an answer, in the one that
// is not over. Of a dataset that is not published it is all there is to say.
func (q *request) indexAnswers() (map[string][]string, error) {
	list, err := rows[questionRow](q.view, indexID)
	if err != nil {
		return nil, err
	}
	year := q.indexYear(indexID)
	out := map[string][]string{}
	for _, r := range list {
		when := strconv.Itoa(r.Year)
		if r.Year > year && r.Year >= q.now.Year() && r.Answer != "sin_dato" {
			when += ", en curso" // who has just delivered sees what it was good for
		} else if r.Year != year {
			continue
		}
		if r.Dataset == "" {
			continue
		}
		for _, id := range strings.Split(r.Dataset, ", ") {
			out[id] = append(out[id], fmt.Sprintf("%s: %s (%s)", r.Text, strings.ToLower(statusText(r.Answer)), when))
		}
	}
	return out, nil
}

func (q *request) datasetItem(d *Dataset, loads []*Load) datasetItem {
	item := datasetItem{
		ID: d.ID, Title: q.text(d.Catalog.Title), Description: q.text(d.Catalog.Description),
		Agency: d.Producer, Contact: d.Contact, Class: statusText(d.Class), Cadence: statusText(d.Cadence.Every), Known: d.Cadence.Known(), FormOf: d.Cadence.FormOf,
		Rows: countText(d.Rows, d.Uncounted), Source: sourceText(d.Source), SourceHref: address(d.Source), Licence: d.Licence,
	}
	if !d.First.IsZero() {
		item.Period = formatDay(d.First) + " a " + formatDay(d.Last)
	}
	for _, n := range d.Catalog.Notes {
		item.Notes = append(item.Notes, q.text(n))
	}
	var others []string
	for _, x := range q.forms(d) {
		if x != d {
			others = append(others, x.ID)
		}
	}
	if len(others) > 0 {
		item.Cadence += "; de cada periodo basta un reporte, de este conjunto o de " + strings.Join(others, " o de ")
	}
	if end, ok := d.Cadence.NextExpected(q.reached(d)); ok {
		due, _ := d.Cadence.DueDate(end)
		item.Due = fmt.Sprintf("%s, a más tardar el %s", monthPeriod(end, d.Cadence.Every), formatDay(due))
	}
	if days := q.lateDays(d); days > 0 {
		item.Late = formatDays(days)
	}
	c := q.rowCounts(d, loads)
	if l := c.newest; l != nil {
		item.LastReport, item.LastPublished = q.reportLink(l.Report), formatDated(l.Published, l.PublishedPrecision)
	}
	item.Accepted, item.Quarantined = countText(c.accepted, d.Uncounted), countText(c.quarantined, d.Uncounted)
	item.Withdrawn = c.note(d.Uncounted)
	item.Open = openText(d.Open, q.now)
	return item
}

// monthPeriod names the period that ends on a day in a cadence.
func monthPeriod(end time.Time, every string) string {
	switch every {
	case "anio":
		return strconv.Itoa(end.Year())
	case "trimestre":
		return formatPeriod(time.Date(end.Year(), end.Month()-2, 1, 0, 0, 0, 0, time.UTC), end)
	}
	return formatPeriod(time.Date(end.Year(), end.Month(), 1, 0, 0, 0, 0, time.UTC), end)
}

// rowsCell shows how many rows a load brought in, or into quarantine; of a file that
// was refused none was, and a withdrawal reads none.
func (l *Load) rowsCell(n int64) cell {
	if !l.Succeeded() {
		return cell{Text: "—", Numeric: true}
	}
	return cell{Text: l.count(n), Numeric: true}
}

// quarantineCell shows how many rows a load set aside, and how many of them are open.
func (l *Load) quarantineCell() cell {
	c := l.rowsCell(l.Quarantined)
	if n := l.open(); n > 0 {
		c.Sub = formatCount(n) + plural(n, " abierta", " abiertas")
	}
	return c
}

// reportCell leads to a load's report and says which one that corrects.
func (q *request) reportCell(l *Load) cell {
	c := cell{Text: strconv.Itoa(l.Report), Href: q.href("/datos/reportes/" + strconv.Itoa(l.Report))}
	if l.Corrects != 0 {
		c.Sub = "corrige el " + strconv.Itoa(l.Corrects)
	}
	return c
}

// warningsCell counts a load's warnings and leads to them.
func (q *request) warningsCell(l *Load) cell {
	var n int64
	for _, w := range l.Warnings {
		n += w.Times
	}
	c := cell{Text: formatCount(n), Numeric: true}
	if n > 0 {
		c.Href = q.href("/datos/reportes/" + strconv.Itoa(l.Report))
	}
	return c
}

func countText(n int64, hidden bool) string {
	if hidden {
		return statusText("suprimido")
	}
	return formatCount(n)
}
