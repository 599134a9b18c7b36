package dashboard

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/gttim/cauce/data"
	"github.com/gttim/cauce/internal/template"
	"github.com/gttim/cauce/internal/warehouse"
)

type reportPage struct {
	ID, Dataset, Title string
	DatasetHref        string
	Fields             []field
	Loads              []loadItem
	Used               []link
}

type loadItem struct {
	ID, Outcome, OutcomeText string
	Fields                   []field
	Next                     []string // what has to be done about its problems
	Guide                    string   // address of the dataset's guide
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
	p := reportPage{ID: q.id, Dataset: l.Dataset, Title: l.Dataset, DatasetHref: q.href("/datos") + "#" + l.Dataset}
	if d := q.dataset(l.Dataset); d != nil && d.Catalog.Title.ES != "" {
		p.Title = q.text(d.Catalog.Title)
	}
	source := field{Name: "Fuente", Text: sourceText(l.Source)}
	if a := address(l.Source); a != "" {
		source = field{Name: "Fuente", Links: []link{{sourceText(l.Source), a}}}
	}
	p.Fields = []field{
		{Name: "Archivo", Text: l.File}, {Name: "sha256", Text: l.SHA256}, {Name: "Tamaño", Text: l.count(l.Bytes) + " bytes"}, source,
		{Name: "Fecha de publicación", Text: formatDated(l.Published, l.PublishedPrecision) + " (" + statusText(l.PublishedBasis) + ")"},
		q.correctsField(l), q.correctedField(id), q.quarantineField(loads),
		{Name: "Recibido", Text: formatInstant(l.Received, s.zone)},
		{Name: "Origen", Text: origin(l)},
	}
	ends := endingsOf(q.loads())
	for _, x := range loads {
		item := s.loadItem(x)
		if text := ends.text(x); text != "" {
			item.Fields = append([]field{{Name: "Sus filas ya no cuentan", Text: "reporte " + text}}, item.Fields...)
		}
		if ends[x.ID] != nil { // nothing is left to do about it
			p.Loads = append(p.Loads, item)
			continue
		}
		if item.Next = q.next(x); len(item.Next) > 0 {
			item.Guide = q.href("/guia/" + x.Dataset)
		}
		p.Loads = append(p.Loads, item)
	}
	for _, d := range q.Indicators {
		for _, v := range q.list(d.ID) {
			if slices.Contains(q.withCorrected(v.Reports), id) {
				p.Used = append(p.Used, link{q.text(d.Name), q.href("/indicadores/" + d.ID)})
				break
			}
		}
	}
	return s.page(q, "reporte", fmt.Sprintf("%s %d", q.t("Reporte"), id), "Reporte "+q.id+" de "+p.Title, p)
}

// correctsField names the report that this one corrects.
func (q *request) correctsField(l *Load) field {
	f := field{Name: "Corrige"}
	if l.Corrects != 0 {
		f.Links = []link{q.reportLink(l.Corrects)}
		f.Note = "Cada fila toma el lugar de la que allí tiene la misma clave; las demás filas de aquel reporte siguen contando."
		if q.outcome(l.Report) != "" {
			f.Note = "Ninguna de sus filas cuenta: aquel reporte sigue como estaba."
		}
	}
	return f
}

// correctedField names the reports that correct this one, on both clocks; those of
// which nothing counts with their outcome.
func (q *request) correctedField(id int) field {
	f := field{Name: "Corregido por"}
	seen := map[int]bool{}
	for _, l := range slices.Backward(q.loads()) { // by load
		if l.Corrects != id || seen[l.Report] {
			continue
		}
		seen[l.Report] = true
		x := q.reportLink(l.Report)
		if o := q.outcome(l.Report); o != "" {
			x.Text += " (" + strings.ToLower(statusText(o)) + ")"
		}
		f.Links = append(f.Links, x)
	}
	return f
}

// outcome is why nothing of a report counts at the load that the page stands at, ""
// where something does: a refused load leaves what another load of the report brought.
func (q *request) outcome(report int) string {
	for _, l := range q.report(report) {
		switch {
		case l.ID > q.load:
		case l.Succeeded():
			return ""
		case !l.refused():
			return l.Outcome
		}
	}
	return warehouse.Refused
}

// next tells whoever answers the agency what becomes of rows that do not count.
func (q *request) next(l *Load) []string {
	var out []string
	switch {
	case l.refused():
		out = []string{
			"Nada de este archivo cuenta en ninguna cifra. La institución lo corrige y lo entrega completo otra vez.",
			"El archivo está en refused/" + l.Dataset + "/ con su informe de problemas (HTML, CSV y Excel), que dice cada error con su línea; cauce check ARCHIVO --dataset " + l.Dataset + " --report CARPETA lo escribe otra vez.",
		}
	case l.Outcome == warehouse.Partial:
		if out = q.openSteps(l); len(out) == 0 {
			return nil
		}
	default:
		return nil
	}
	if d := q.dataset(l.Dataset); d != nil && d.Contact != "" {
		out = append(out, "A quién preguntar: "+d.Contact+".")
	}
	return out
}

// reportLink leads to a report.
func (q *request) reportLink(id int) link {
	return link{"reporte " + strconv.Itoa(id), q.href("/datos/reportes/" + strconv.Itoa(id))}
}

// count writes one of a load's counts.
func (l *Load) count(n int64) string { return countText(n, l.Uncounted) }

// refused tells whether nothing of a file was loaded or kept; its counts are those
// of the rows that were looked at.
func (l *Load) refused() bool { return l.Outcome == warehouse.Refused }

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
	counts := []field{
		{Name: "Registros", Text: l.count(l.Records)},
		{Name: accepted, Text: l.count(l.Accepted)},
		{Name: quarantined, Text: l.count(l.Quarantined), Note: l.asideNote()},
		{Name: "Omitidos por contrato", Text: l.count(l.Skipped)},
	}
	if l.refused() && l.Records == 0 && !l.Uncounted { // four zeros would read as an empty file
		counts = []field{{Name: "Registros", Text: "no se leyó ninguno: el archivo se rechazó antes de llegar a sus filas"}}
	}
	lines := l.count(l.Lines)
	if l.Outcome == warehouse.Withdrawn { // it reads no file
		counts, lines = nil, ""
	}
	item.Fields = slices.Concat([]field{
		{Name: "Tipo", Text: statusText(l.Kind)},
		{Name: "Motivo", Text: l.Reason},
		{Name: "Terminada", Text: formatInstant(l.Finished, s.zone)},
		{Name: "Duración", Text: formatNumber(l.Seconds, 2) + " s"},
	}, counts, []field{
		{Name: "Líneas del archivo", Text: lines},
		{Name: "Periodo que cubre", Text: coverage(l)},
		{Name: "Huella del contrato", Text: l.Contract},
		{Name: "Versión del programa", Text: l.Version},
	})
	item.Problems = table{
		Caption: "Reglas incumplidas en la carga " + item.ID, Empty: "Ninguna regla incumplida.",
		Head: []column{{Text: "Regla"}, {Text: "Consecuencia"}, {"Veces", true}},
	}
	switch {
	case l.Uncounted:
		item.Problems.Empty = "Qué reglas no se cumplieron, y cuántas veces, no se publica de este conjunto."
	case l.Outcome == warehouse.Withdrawn:
		item.Problems.Empty = ""
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

func coverage(l *Load) string {
	if l.First.IsZero() {
		return ""
	}
	return formatPeriod(l.First, l.Last)
}
