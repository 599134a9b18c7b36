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
		"ficha": d, "linaje": q.lineage(d), "conjuntos_de_datos": datasets, "descripcion_estructural": q.structure(d),
	})
	if err != nil {
		return nil, fmt.Errorf("sheet of %s: %w", d.ID, err)
	}
	return append(b, '\n'), nil
}
