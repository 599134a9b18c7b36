package dashboard

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gttim/cauce/data"
	"github.com/gttim/cauce/internal/template"
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
	LastReport             link
	LastPublished          string
	Period, Rows           string
	Accepted, Quarantined  string
	Open                   string // rows that wait for their correction, "" for none
	Source, Licence        string
	SourceHref             string
	Notes                  []string
	Answers                []string // what it answers in the index, in the newest year
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
		Caption: "Cargas, de la más reciente a la más antigua", Empty: "No se ha cargado ningún informe con estos criterios.",
		Head: []column{{Text: "Carga"}, {Text: "Resultado"}, {Text: "Conjunto"}, {Text: "Archivo"}, {"Filas aceptadas", true}, {"En cuarentena", true}, {"Avisos", true}, {Text: "Informe"}, {Text: "Publicado"}, {Text: "Cargado"}},
	}
	for _, l := range loads {
		p.Loads.Rows = append(p.Loads.Rows, []cell{
			{Text: strconv.Itoa(l.ID), Head: true, Href: q.atLoad(l.ID)},
			{Text: statusText(l.Outcome), Badge: l.Outcome, Sub: l.Reason}, {Text: l.Dataset}, {Text: l.File},
			l.rowsCell(l.Accepted), l.rowsCell(l.Quarantined), q.warningsCell(l),
			{Text: strconv.Itoa(l.Report), Href: q.href("/datos/reportes/" + strconv.Itoa(l.Report))},
			{Text: formatDated(l.Published, l.PublishedPrecision)}, {Text: shortDay(l.Finished.In(s.zone)), Sub: l.Finished.In(s.zone).Format("15:04"), Date: true},
		})
	}
	return s.page(q, "datos", q.t("Datos cargados"), "Qué informes se cargaron, cuándo, con cuántas filas y cuáles están atrasados.", p)
}

// indexAnswers says, by dataset, which questions of the index it answers and how,
// in the newest year. Of a dataset that is not published it is all there is to say.
func (q *request) indexAnswers() (map[string][]string, error) {
	list, err := rows[questionRow](q.view, indexID)
	if err != nil {
		return nil, err
	}
	year := 0
	for _, r := range list {
		year = max(year, r.Year)
	}
	out := map[string][]string{}
	for _, r := range list {
		if r.Year != year || r.Dataset == "" {
			continue
		}
		for _, id := range strings.Split(r.Dataset, ", ") {
			out[id] = append(out[id], fmt.Sprintf("%s: %s (%d)", r.Text, strings.ToLower(statusText(r.Answer)), year))
		}
	}
	return out, nil
}

func (q *request) datasetItem(d *Dataset, loads []*Load) datasetItem {
	item := datasetItem{
		ID: d.ID, Title: q.text(d.Catalog.Title), Description: q.text(d.Catalog.Description),
		Agency: d.Producer, Contact: d.Contact, Class: statusText(d.Class), Cadence: statusText(d.Cadence.Every), Known: d.Cadence.Known(),
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
		item.Cadence += "; de cada periodo basta un informe, de este conjunto o de " + strings.Join(others, " o de ")
	}
	if end, ok := d.Cadence.NextExpected(q.reached(d)); ok {
		due, _ := d.Cadence.DueDate(end)
		item.Due = fmt.Sprintf("%s, a más tardar el %s", monthPeriod(end, d.Cadence.Every), formatDay(due))
	}
	if days := q.lateDays(d); days > 0 {
		item.Late = formatDays(days)
	}
	var accepted, quarantined int64
	for _, l := range loads {
		if l.Dataset != d.ID || !l.Succeeded() {
			continue
		}
		if item.LastReport.Href == "" {
			item.LastReport = link{"informe " + strconv.Itoa(l.Report), q.href("/datos/reportes/" + strconv.Itoa(l.Report))}
			item.LastPublished = formatDated(l.Published, l.PublishedPrecision)
		}
		accepted += l.Accepted
		quarantined += l.Quarantined
	}
	item.Accepted, item.Quarantined = countText(accepted, d.Uncounted), countText(quarantined, d.Uncounted)
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

type reportPage struct {
	ID, Dataset, Title string
	Fields             []field
	Loads              []loadItem
	Used               []link
}

type loadItem struct {
	ID, Outcome, OutcomeText string
	Fields                   []field
	Problems                 table
	Warnings                 table
}

// reportPage answers /datos/reportes/{n}: what was delivered, whence, when, and
// what became of each of its rows.
func (s *Server) reportPage(q *request) (*answer, error) {
	id, err := strconv.Atoi(q.id)
	if err != nil || strconv.Itoa(id) != q.id {
		return nil, errNotFound
	}
	loads := q.report(id)
	if len(loads) == 0 {
		return nil, errNotFound
	}
	l := loads[0]
	p := reportPage{ID: q.id, Dataset: l.Dataset, Title: l.Dataset}
	if d := q.dataset(l.Dataset); d != nil && d.Catalog.Title.ES != "" {
		p.Title = q.text(d.Catalog.Title)
	}
	source := field{Name: "Fuente", Text: l.Source}
	if a := address(l.Source); a != "" {
		source = field{Name: "Fuente", Links: []link{{sourceText(l.Source), a}}}
	}
	p.Fields = []field{
		{Name: "Archivo", Text: l.File}, {Name: "sha256", Text: l.SHA256}, {Name: "Tamaño", Text: l.count(l.Bytes) + " bytes"}, source,
		{Name: "Fecha de publicación", Text: formatDated(l.Published, l.PublishedPrecision) + " (" + statusText(l.PublishedBasis) + ")"},
		{Name: "Recibido", Text: formatInstant(l.Received, s.zone)},
		{Name: "Origen", Text: origin(l)},
	}
	for _, x := range loads {
		p.Loads = append(p.Loads, s.loadItem(x))
	}
	for _, d := range q.Indicators {
		for _, v := range q.list(d.ID) {
			if slices.Contains(v.Reports, id) {
				p.Used = append(p.Used, link{q.text(d.Name), q.href("/indicadores/" + d.ID)})
				break
			}
		}
	}
	return s.page(q, "reporte", fmt.Sprintf("%s %d", q.t("Informe"), id), "Informe "+q.id+" de "+p.Title, p)
}

// count writes one of a load's counts.
func (l *Load) count(n int64) string { return countText(n, l.Uncounted) }

// refused tells whether nothing of a file was loaded or kept; its counts are those
// of the rows that were looked at.
func (l *Load) refused() bool { return l.Outcome == "rechazado" }

// rowsCell shows how many rows a load brought in, or into quarantine.
func (l *Load) rowsCell(n int64) cell {
	if l.refused() {
		return cell{Text: "—", Numeric: true}
	}
	return cell{Text: l.count(n), Numeric: true}
}

// ruleTexts say, by their ids, what the standard rules and those of the dataset's
// contract are about.
func (s *Server) ruleTexts(dataset string) map[string]string {
	rules := data.Rules()
	if s.opt.Declarations != nil {
		if ds := s.opt.Declarations.Dataset(dataset); ds != nil {
			rules = append(rules, template.Describe(ds, s.opt.Declarations.Reference).Own...)
		}
	}
	texts := map[string]string{}
	for _, r := range slices.Backward(rules) { // of one id the first counts
		texts[r.ID] = r.Text
	}
	return texts
}

func countText(n int64, hidden bool) string {
	if hidden {
		return statusText("suprimido")
	}
	return formatCount(n)
}

func origin(l *Load) string {
	switch {
	case l.Synthetic:
		return "Sintético: filas generadas para pruebas"
	case l.Shipped:
		return "Incluido con el programa: cifras publicadas"
	}
	return "Entregado"
}

func (s *Server) loadItem(l *Load) loadItem {
	item := loadItem{ID: strconv.Itoa(l.ID), Outcome: l.Outcome, OutcomeText: statusText(l.Outcome)}
	accepted, quarantined := "Aceptados", "En cuarentena"
	if l.refused() {
		accepted, quarantined = "Sin problemas, y no se cargaron", "Con problemas"
	}
	item.Fields = []field{
		{Name: "Tipo", Text: statusText(l.Kind)},
		{Name: "Motivo", Text: l.Reason},
		{Name: "Terminada", Text: formatInstant(l.Finished, s.zone)},
		{Name: "Duración", Text: formatNumber(l.Seconds, 2) + " s"},
		{Name: "Registros", Text: l.count(l.Records)},
		{Name: accepted, Text: l.count(l.Accepted)},
		{Name: quarantined, Text: l.count(l.Quarantined)},
		{Name: "Omitidos por contrato", Text: l.count(l.Skipped)},
		{Name: "Líneas del archivo", Text: l.count(l.Lines)},
		{Name: "Periodo que cubre", Text: coverage(l)},
		{Name: "Huella del contrato", Text: l.Contract},
		{Name: "Versión del programa", Text: l.Version},
	}
	item.Problems = table{
		Caption: "Reglas incumplidas en la carga " + item.ID, Empty: "Ninguna regla incumplida.",
		Head: []column{{Text: "Regla"}, {Text: "Consecuencia"}, {"Veces", true}},
	}
	texts := s.ruleTexts(l.Dataset)
	for _, x := range l.Problems {
		item.Problems.Rows = append(item.Problems.Rows, []cell{{Text: x.Rule, Head: true, Sub: texts[x.Rule]}, {Text: statusText(x.Severity)}, {Text: formatCount(x.Times), Numeric: true}})
	}
	item.Warnings = table{Caption: "Avisos que acompañan a sus cifras", Head: []column{{Text: "Regla"}, {Text: "Aviso"}, {"Veces", true}}}
	for _, w := range l.Warnings {
		item.Warnings.Rows = append(item.Warnings.Rows, []cell{{Text: w.Rule, Head: true}, {Text: w.Text}, {Text: formatCount(w.Times), Numeric: true}})
	}
	return item
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

func coverage(l *Load) string {
	if l.First.IsZero() {
		return ""
	}
	return formatPeriod(l.First, l.Last)
}

// openText says how many rows wait for their correction, by which rules and for
// how long; never what they hold.
func openText(open []QuarantineCount, now time.Time) string {
	if len(open) == 0 {
		return ""
	}
	rules := make([]string, 0, len(open)-1)
	for _, c := range open[1:] {
		rules = append(rules, fmt.Sprintf("%s: %s", c.Rule, formatCount(c.Rows)))
	}
	since := "de hace menos de un día"
	if days := int(now.Sub(open[0].Since).Hours() / 24); days > 0 {
		since = "desde hace " + formatDays(days)
	}
	return fmt.Sprintf("%s (%s), la más antigua %s", formatCount(open[0].Rows), strings.Join(rules, ", "), since)
}
