package dashboard

import (
	"bytes"
	"encoding/json"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/gttim/cauce/internal/export"
)

// pending is what one institution still owes the index: a question without a yes.
type pending struct {
	questionRow
	Adds    float64
	Deliver string // what to deliver
	Dataset []string
	Due     string
}

// roadmap gathers, by institution, the questions without a yes in the year shown.
func (q *request) roadmap(year int) (map[string][]pending, []string, error) {
	list, err := rows[struct {
		questionRow
		Adds float64 `json:"aporta"`
	}](q.view, indexID)
	if err != nil {
		return nil, nil, err
	}
	out := map[string][]pending{}
	var names []string
	for _, r := range list {
		if r.Year != year {
			continue
		}
		for _, name := range namesOf(r.Responsible) {
			if !slices.Contains(names, name) {
				names = append(names, name)
			}
			if r.Answer != "si" {
				out[name] = append(out[name], q.pending(r.questionRow, r.Adds))
			}
		}
	}
	slices.Sort(names)
	return out, names, nil
}

func (q *request) pending(r questionRow, adds float64) pending {
	p := pending{questionRow: r, Adds: adds, Due: "sin calendario publicado"}
	if r.Kind != "reporte" || r.Dataset == "" {
		p.Dataset = []string{"gttim-acciones"}
		p.Deliver = fmt.Sprintf("Una fila de gttim-acciones para la pregunta %s y el año, con su respuesta y una referencia a la evidencia", r.ID)
		return p
	}
	p.Dataset = strings.Split(r.Dataset, ", ")
	p.Deliver = "El conjunto " + strings.Join(p.Dataset, " o ") + ", con los desgloses que pide la pregunta"
	for _, id := range p.Dataset {
		d := q.dataset(id)
		if d == nil {
			p.Deliver = "El conjunto " + id + ", que aún no está declarado"
			continue
		}
		if end, ok := d.Cadence.NextExpected(q.reached(d)); ok {
			due, _ := d.Cadence.DueDate(end)
			p.Due = fmt.Sprintf("%s, a más tardar el %s", monthPeriod(end, d.Cadence.Every), formatDay(due))
		}
	}
	if due := dayOf(r.Due); !due.IsZero() && p.Due == "sin calendario publicado" {
		p.Due = "el plazo del año vence el " + formatDay(due)
		if q.past(due) {
			p.Due = "el plazo del año venció el " + formatDay(due)
		}
	}
	return p
}

// namesOf reads institutions from a text with commas or from a list.
func namesOf(raw json.RawMessage) []string {
	var many []string
	if json.Unmarshal(raw, &many) == nil {
		return many
	}
	return strings.Split(listText(raw), ", ")
}

// roads answers /hoja-de-ruta: what each institution can do for the index.
func (s *Server) roads(q *request) (*answer, error) {
	if q.indicator(indexID) == nil {
		return nil, errNotFound
	}
	year := q.indexYear(indexID)
	byName, names, err := q.roadmap(year)
	if err != nil {
		return nil, err
	}
	p := topicPage{
		Lead: fmt.Sprintf("Por cada institución, las preguntas del índice de %d que no tienen un «sí», qué entregar y cuánto sumaría al puntaje.", year),
		Box:  "Una pregunta con varias responsables suma cuando todas responden.",
	}
	f := figure{ID: "instituciones", Title: q.t("Instituciones")}
	f.Table = table{
		Caption: f.Title, Quiet: true, Empty: "El índice no tiene preguntas con estos criterios.",
		Head: []column{{Text: "Institución"}, {"Preguntas sin «sí»", true}, {"Sumarían al puntaje", true}, {Text: "Hoja de ruta"}},
	}
	for _, name := range names {
		sum := 0.0
		for _, x := range byName[name] {
			sum += x.Adds
		}
		at := "/hoja-de-ruta/" + name
		f.Table.Rows = append(f.Table.Rows, []cell{
			{Text: name, Head: true, Href: q.href(at), Sub: s.fullName(name)}, {Text: formatCount(len(byName[name])), Numeric: true}, {Text: formatNumber(sum, 1), Numeric: true},
			{Links: q.roadLinks(name), Date: true},
		})
	}
	p.Figures = []figure{f}
	p.More = append(q.sheets(indexID), link{"El índice y sus respuestas", q.href("/indice")}, link{"Guía para documentar y medir", q.href("/guia")})
	return s.page(q, "cifras", q.t("Hoja de ruta por institución"), p.Lead, p)
}

// road answers /hoja-de-ruta/{institution} and its table as .csv and .xlsx.
func (s *Server) road(q *request) (*answer, error) {
	if q.indicator(indexID) == nil {
		return nil, errNotFound
	}
	ext := path.Ext(q.id)
	name := strings.TrimSuffix(q.id, ext)
	year := q.indexYear(indexID)
	byName, names, err := q.roadmap(year)
	if err != nil {
		return nil, err
	}
	if !slices.Contains(names, name) || ext != "" && ext != ".csv" && ext != ".xlsx" {
		return nil, errNotFound
	}
	if ext != "" {
		return q.roadFile(name, ext, roadTable(name, year, byName[name]))
	}
	who := name
	if full := s.fullName(name); full != "" {
		who = full + " (" + name + ")"
	}
	p := topicPage{Lead: fmt.Sprintf("Preguntas del índice de %d a cargo de %s que no tienen un «sí»; qué entregar para cada una y qué sumaría.", year, who)}
	p.Links = q.roadLinks(name)
	f := figure{ID: "preguntas", Title: q.t("Qué falta")}
	f.Table = table{
		Caption: f.Title, Quiet: true, Stacked: true, Empty: "Todas sus preguntas tienen un «sí».",
		Head: []column{{Text: "Pregunta"}, {Text: "Qué información"}, {Text: "Respuesta"}, {Text: "Qué entregar"}, {Text: "Siguiente plazo"}, {"Suma", true}},
	}
	for _, x := range byName[name] {
		deliver := cell{Text: x.Deliver + ". "}
		for _, id := range x.Dataset {
			if q.dataset(id) != nil {
				deliver.Links = append(deliver.Links, link{"Guía de " + id, q.href("/guia/" + id)})
			}
		}
		f.Table.Rows = append(f.Table.Rows, []cell{
			{Text: x.ID, Head: true, Sub: x.AxisName}, {Text: x.Text, Sub: "Responsables: " + listText(x.Responsible)}, {Text: statusText(x.Answer), Badge: x.Answer, Sub: x.Evidence},
			deliver, {Text: x.Due}, {Text: "+" + formatNumber(x.Adds, 1), Numeric: true},
		})
	}
	p.Figures = []figure{f}
	p.More = []link{{"Hojas de ruta de las demás instituciones", q.href("/hoja-de-ruta")}, {"El índice y sus respuestas", q.href("/indice")}}
	return s.page(q, "cifras", q.t("Hoja de ruta")+": "+name, p.Lead, p)
}

// fullName is what the catalogue of institutions calls one, "" when that says no
// more than its code.
func (s *Server) fullName(code string) string {
	if s.opt.Declarations == nil {
		return ""
	}
	t := s.opt.Declarations.Reference["instituciones"]
	if t == nil || t.Column("nombre_completo") < 0 {
		return ""
	}
	for _, r := range t.Rows {
		if r[0] == code && r[t.Column("nombre_completo")] != code {
			return r[t.Column("nombre_completo")]
		}
	}
	return ""
}

// roadTable is an institution's road map, one question per row.
func roadTable(name string, year int, missing []pending) *export.Table {
	t := &export.Table{Name: "Hoja de ruta", Columns: []export.Column{
		{Name: "institucion", Width: 18}, {Name: "anio", Kind: export.Number, Width: 8}, {Name: "eje", Width: 16}, {Name: "pregunta", Width: 10}, {Name: "texto", Width: 60},
		{Name: "responsables"}, {Name: "respuesta", Width: 12}, {Name: "que_entregar", Width: 60}, {Name: "conjuntos"}, {Name: "siguiente_plazo", Width: 36}, {Name: "suma", Kind: export.Number, Width: 10},
	}}
	for _, x := range missing {
		t.Rows = append(t.Rows, []any{name, float64(year), x.Axis, x.ID, x.Text, listText(x.Responsible), x.Answer, x.Deliver, strings.Join(x.Dataset, " "), x.Due, x.Adds})
	}
	return t
}

// roadFile answers the road map as CSV, in UTF-8 with the mark by which Excel
// knows it, or as a workbook.
func (q *request) roadFile(name, ext string, t *export.Table) (*answer, error) {
	var b bytes.Buffer
	var err error
	kind := typeXLSX
	if ext == ".csv" {
		kind = typeCSV
		b.WriteString("\ufeff")
		err = export.CSV(&b, t)
	} else {
		err = export.Workbook(&b, t)
	}
	if err != nil {
		return nil, fmt.Errorf("road map of %s: %w", name, err)
	}
	a := q.finish(kind, b.Bytes())
	a.filename = q.fileName("hoja-de-ruta-"+name, ext)
	return a, nil
}

// roadLinks are the files of a road map.
func (q *request) roadLinks(name string) []link {
	at, clocks := "/hoja-de-ruta/"+name, q.clocks().query()
	return []link{{"CSV", at + ".csv" + clocks}, {"XLSX", at + ".xlsx" + clocks}}
}
