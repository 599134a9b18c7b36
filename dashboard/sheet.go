package dashboard

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/gttim/cauce/indicators"
	"github.com/gttim/cauce/internal/export"
)

type sheetPage struct {
	ID, Name, Definition string
	Fields               []field
	Formula, MathFormula string
	Figure               figure
	Revisions            figure
	Downloads            []link
	RevisionDownloads    []link
	Claims               []claim
}

// field is one line of a sheet.
type field struct {
	Name  string
	Text  string
	List  []string
	Links []link
}

// sheet answers /indicadores/{id}: the whole sheet with its figures.
func (s *Server) sheet(q *request) (*answer, error) {
	d := q.indicator(q.id)
	if d == nil {
		return nil, errNotFound
	}
	claims, err := q.claims(d.ID)
	if err != nil || d.ID == indexID {
		claims = nil // the detail of the index is its questions, which /indice shows
	}
	p := sheetPage{ID: d.ID, Name: q.text(d.Name), Definition: q.text(d.Definition), Formula: d.Formula, MathFormula: d.FormulaMath, Claims: claims}
	p.Fields = q.sheetFields(d)
	values := q.list(d.ID)
	p.Figure = q.valuesFigure(d, "Valores", "", values)
	p.Figure.Title = chartTitle(d, q)
	if doc := q.declaredChart(d); doc != nil {
		p.Figure.Chart, p.Figure.Alt, p.Figure.Size = q.chartURL("indicador-"+d.ID), doc.Description, "media"
	}
	p.Figure.Folded = len(values) > 40
	p.Revisions = q.revisionFigure(d)
	p.Downloads, p.RevisionDownloads = q.downloadLinks(d.ID)
	return s.page(q, "indicador", p.Name, p.Definition, p)
}

func chartTitle(d *indicators.Indicator, q *request) string {
	if d.Chart.Title != "" {
		return d.Chart.Title
	}
	return q.text(d.Name)
}

func (q *request) sheetFields(d *indicators.Indicator) []field {
	yes := "No"
	if d.Additive {
		yes = "Sí"
	}
	fields := []field{
		{Name: "Unidad", Text: unitText(d.Unit)},
		{Name: "Decimales", Text: fmt.Sprint(d.Decimals)},
		{Name: "Periodicidad", Text: d.Periodicity},
		{Name: "Cobertura", Text: d.Coverage},
		{Name: "Dimensiones", Text: dimensionList(d.Dimensions)},
		{Name: "Cálculo", Text: unitText(string(d.Calculation))},
		{Name: "Se puede sumar entre periodos", Text: yes},
		{Name: "Interpretación", Text: d.Interpretation},
		{Name: "Sentido", Text: d.Direction},
		{Name: "Meta", Text: targetText(d.Target)},
		{Name: "Qué no mide", List: d.NotMeasured},
		{Name: "Límites", List: d.Limits},
		{Name: "Notas", List: d.Notes},
	}
	for _, b := range d.Breaks {
		fields = append(fields, field{Name: "Ruptura de la serie", Text: "Desde el " + dateText(b.From) + ": " + q.text(b.Text)})
	}
	fields = append(fields, field{Name: "Conjuntos de datos", Text: strings.Join(d.Datasets, ", ")})
	sources := field{Name: "Fuentes"}
	for _, s := range d.Sources {
		sources.Links = append(sources.Links, link{s.Text, address(s.URL)})
	}
	fields = append(fields, sources,
		field{Name: "Responsable", Text: d.Responsible},
		field{Name: "Clase", Text: statusText(string(d.Class))},
		field{Name: "Divulgación", Text: d.Disclosure.Text},
		field{Name: "Versión", Text: d.Version},
		field{Name: "Vigente desde", Text: dateText(d.ValidFrom)},
		field{Name: "Huella de la declaración", Text: d.Hash},
	)
	var out []field
	for _, f := range fields {
		if f.Text != "" || len(f.List) > 0 || len(f.Links) > 0 {
			out = append(out, f)
		}
	}
	return out
}

func dimensionList(list []indicators.Dimension) string {
	if len(list) == 0 {
		return "Ninguna: solo el total"
	}
	var out []string
	for _, d := range list {
		out = append(out, d.Name)
	}
	return strings.Join(out, ", ")
}

// targetText writes a published aim with who published it.
func targetText(t *indicators.Target) string {
	if t == nil {
		return "Ninguna publicada"
	}
	text := formatInput(&t.Value)
	if t.By != "" {
		text += ", para " + t.By
	}
	if t.Source != "" {
		text += " (" + t.Source + ")"
	}
	return text
}

// downloadLinks are the forms in which an indicator, and its revisions alone, can
// be taken away.
func (q *request) downloadLinks(id string) (all, revisions []link) {
	clocks := q.clocks().query()
	at := "/api/v1/indicadores/" + id
	for _, x := range [][2]string{
		{"JSON", ".json"}, {"CSV", ".csv"}, {"XLSX", ".xlsx"}, {"Parquet", ".parquet"}, {"Arrow", ".arrow"},
		{"Ficha (Markdown)", ".md"}, {"Ficha (JSON)", ".metadata.json"}, {"Todo (ZIP)", ".zip"},
	} {
		all = append(all, link{x[0], at + x[1] + clocks})
	}
	return all, []link{{"CSV", at + ".revisiones.csv" + clocks}, {"JSON", at + ".revisiones.json" + clocks}}
}

// sheetTable is the sheet as a table of two columns.
func (q *request) sheetTable(d *indicators.Indicator) *export.Table {
	t := &export.Table{Name: "Ficha", Columns: []export.Column{{Name: "campo", Width: 32}, {Name: "contenido", Width: 100}}}
	for _, f := range q.wholeSheet(d) {
		lines := slices.Concat(f.lines(), f.List)
		for _, l := range f.Links {
			lines = append(lines, strings.TrimSpace(l.Text+" "+l.Href))
		}
		t.Rows = append(t.Rows, []any{f.Name, strings.Join(lines, "\n")})
	}
	return t
}

func (f field) lines() []string {
	if f.Text == "" {
		return nil
	}
	return []string{f.Text}
}

// wholeSheet is the sheet with what a page shows apart from its fields.
func (q *request) wholeSheet(d *indicators.Indicator) []field {
	head := []field{
		{Name: "Identificador", Text: d.ID}, {Name: "Nombre", Text: d.Name.ES}, {Name: "Definición", Text: d.Definition.ES},
		{Name: "Fórmula", Text: d.Formula}, {Name: "Fórmula matemática", Text: d.FormulaMath},
	}
	return append(head, q.sheetFields(d)...)
}

// sheetMarkdown is the sheet as a Markdown document.
func (q *request) sheetMarkdown(d *indicators.Indicator) []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n", markdown(d.Name.ES))
	for _, f := range q.wholeSheet(d) {
		fmt.Fprintf(&b, "\n## %s\n\n", markdown(f.Name))
		if f.Text != "" {
			b.WriteString(markdown(f.Text) + "\n")
		}
		for _, l := range f.List {
			b.WriteString("- " + markdown(l) + "\n")
		}
		for _, l := range f.Links {
			if l.Href == "" {
				b.WriteString("- " + markdown(l.Text) + "\n")
				continue
			}
			fmt.Fprintf(&b, "- [%s](<%s>)\n", markdown(l.Text), strings.NewReplacer("<", "%3C", ">", "%3E", "\n", "").Replace(l.Href))
		}
	}
	fmt.Fprintf(&b, "\n---\n\nPublicación %d de Cauce, del %s.\n", q.Publication.ID, q.Publication.At.UTC().Format(time.RFC3339))
	return []byte(b.String())
}

// markdown writes a text so that Markdown shows it as it is, on one line.
func markdown(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	return strings.NewReplacer(`\`, `\\`, "*", `\*`, "_", `\_`, "`", "\\`", "[", `\[`, "]", `\]`, "<", `\<`, ">", `\>`, "#", `\#`, "|", `\|`).Replace(s)
}

// metadataJSON is the sheet as a document: the declaration and what is published
// of its datasets.
func (q *request) metadataJSON(d *indicators.Indicator) ([]byte, error) {
	type dataset struct {
		ID       string  `json:"id"`
		Title    string  `json:"titulo"`
		Producer string  `json:"productor"`
		Source   string  `json:"fuente"`
		Licence  string  `json:"licencia"`
		Citation string  `json:"cita"`
		First    *string `json:"primer_periodo"`
		Last     *string `json:"ultimo_periodo"`
	}
	datasets := []dataset{}
	for _, id := range d.Datasets {
		if x := q.dataset(id); x != nil {
			datasets = append(datasets, dataset{x.ID, x.Catalog.Title.ES, x.Producer, x.Source, x.Licence, x.Catalog.Citation, day(x.First), day(x.Last)})
		}
	}
	b, err := json.Marshal(map[string]any{
		"publicacion": q.Publication.ID, "publicado_en": q.Publication.At.UTC().Format(time.RFC3339), "as_of": q.asOfText(), "as_of_carga": q.loadNumber(),
		"ficha": d, "conjuntos_de_datos": datasets, "descripcion_estructural": q.structure(d),
	})
	if err != nil {
		return nil, fmt.Errorf("sheet of %s: %w", d.ID, err)
	}
	return append(b, '\n'), nil
}
