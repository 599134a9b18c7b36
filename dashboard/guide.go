package dashboard

import (
	"bytes"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/gttim/cauce/data"
	"github.com/gttim/cauce/internal/template"
)

type guidePage struct {
	ID, Name    string
	Facts       []field
	Downloads   []link
	Columns     table
	Patterns    table // the contract's own, for programs
	Own         table
	Standard    table
	HasTemplate bool
}

// guides answers /guia: how to document and measure, dataset by dataset.
func (s *Server) guides(q *request) (*answer, error) {
	p := topicPage{
		Lead: "Qué entregar de cada conjunto de datos, cuándo, con qué columnas y reglas, y cómo revisar un archivo antes de enviarlo. Todo sale del contrato de cada conjunto.",
		Box:  "Un archivo se revisa sin cargarlo con: cauce check ARCHIVO --dataset CONJUNTO",
	}
	p.BoxItems = []string{
		"La revisión da las mismas líneas que una carga: archivo, fila, columna, valor, regla y qué se espera.",
		"Con --report CARPETA escribe el informe de problemas en HTML, CSV y Excel, el mismo que acompaña a un archivo rechazado.",
		"Las filas con problemas van a cuarentena y las demás se cargan; si son demasiadas, o falta una columna, se rechaza el archivo y no se carga nada.",
	}
	f := figure{ID: "conjuntos", Title: q.t("Conjuntos de datos")}
	f.Table = table{
		Caption: f.Title, Quiet: true, Stacked: true, Empty: "No hay conjuntos declarados.",
		Head: []column{{Text: "Conjunto"}, {Text: "Para qué"}, {Text: "Quién entrega"}, {Text: "Plantilla vacía"}},
	}
	if s.opt.Declarations != nil {
		for _, ds := range s.opt.Declarations.Datasets {
			at := "/guia/" + ds.ID
			f.Table.Rows = append(f.Table.Rows, []cell{
				{Text: q.text(ds.Contract.Title), Href: q.href(at), Head: true, Sub: ds.ID}, {Text: q.text(ds.Catalog.Description)}, {Text: ds.Producer},
				{Links: []link{{"CSV", at + ".csv"}, {"XLSX", at + ".xlsx"}}},
			})
		}
	}
	p.Figures = []figure{f}
	p.More = []link{{"Hoja de ruta por institución", q.href("/hoja-de-ruta")}, {"Datos cargados", q.href("/datos")}}
	return s.page(q, "cifras", q.t("Guía para documentar y medir"), p.Lead, p)
}

// guide answers /guia/{id}, as .md too, and /guia/{id}.csv and .xlsx with an empty
// file.
func (s *Server) guide(q *request) (*answer, error) {
	if s.opt.Declarations == nil {
		return nil, errNotFound
	}
	ext := path.Ext(q.id)
	ds := s.opt.Declarations.Dataset(strings.TrimSuffix(q.id, ext))
	if ds == nil {
		return nil, errNotFound
	}
	switch ext {
	case "":
		return s.guideOf(q, ds)
	case ".csv", ".xlsx":
		return s.emptyFile(q, ds, ext)
	case ".md":
		a := q.finish(typeMarkdown, guideMarkdown(ds, template.Describe(ds, s.opt.Declarations.Reference)))
		a.filename = "guia-" + ds.ID + ".md"
		return a, nil
	}
	return nil, errNotFound
}

func (s *Server) emptyFile(q *request, ds *data.Dataset, ext string) (*answer, error) {
	var b bytes.Buffer
	kind := typeCSV
	write := func() error { return template.CSV(&b, ds) }
	if ext == ".xlsx" {
		kind = typeXLSX
		write = func() error { return template.XLSX(&b, ds, s.opt.Declarations.Reference) }
	}
	if err := write(); err != nil {
		return nil, fmt.Errorf("template of %s: %w", ds.ID, err)
	}
	a := q.finish(kind, b.Bytes())
	a.filename = "plantilla-" + ds.ID + ext
	return a, nil
}

func (s *Server) guideOf(q *request, ds *data.Dataset) (*answer, error) {
	d := template.Describe(ds, s.opt.Declarations.Reference)
	p := guidePage{ID: ds.ID, Name: q.text(ds.Contract.Title)}
	for _, f := range d.Facts {
		p.Facts = append(p.Facts, field{Name: f.Name, Text: f.Value})
	}
	p.Downloads = []link{{"Plantilla vacía, CSV", "/guia/" + ds.ID + ".csv"}, {"Plantilla vacía, XLSX", "/guia/" + ds.ID + ".xlsx"}, {"Esta guía, Markdown", "/guia/" + ds.ID + ".md"}}
	p.Columns = table{Caption: "Columnas; el orden es libre, cuentan los nombres", Stacked: true, Head: []column{{Text: "Columna"}, {Text: "Valores"}, {Text: "Qué es"}, {Text: "Ejemplo"}}}
	for _, c := range d.Columns {
		name := cell{Text: c.Name, Head: true, Sub: c.Need}
		if c.Headers != "" {
			name.Sub += "; también se acepta: " + c.Headers
		}
		p.Columns.Rows = append(p.Columns.Rows, []cell{name, {Text: c.Kind, Sub: c.Values}, {Text: c.Text}, {Text: c.Example}})
	}
	p.Patterns = patternsTable(d.Columns)
	p.Own, p.Standard = rulesTable("Reglas de este conjunto", d.Own), rulesTable("Reglas de todo archivo", d.Standard)
	return s.page(q, "guia", q.t("Guía")+": "+p.Name, q.text(ds.Catalog.Description), p)
}

// patternsTable lists the contract's own regular expressions; no rows where it has none.
func patternsTable(columns []template.ColumnGuide) table {
	t := table{Caption: "Expresiones regulares (RE2), de todo el valor", Stacked: true, Head: []column{{Text: "Columna"}, {Text: "Expresión"}}}
	for _, c := range columns {
		if c.Pattern != "" {
			t.Rows = append(t.Rows, []cell{{Text: c.Name, Head: true}, {Text: c.Pattern}})
		}
	}
	return t
}

// guideMarkdown is the guide of a dataset as a Markdown document.
func guideMarkdown(ds *data.Dataset, d template.Document) []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "# Guía: %s\n\n", markdown(ds.Contract.Title.ES))
	for _, f := range d.Facts {
		fmt.Fprintf(&b, "- **%s:** %s\n", markdown(f.Name), markdown(f.Value))
	}
	b.WriteString("\n## Columnas\n\nEl orden es libre; cuentan los nombres.\n\n| columna | valores | qué es | ejemplo |\n|---|---|---|---|\n")
	for _, c := range d.Columns {
		values := c.Kind
		if c.Values != "" {
			values += ": " + c.Values
		}
		fmt.Fprintf(&b, "| %s (%s) | %s | %s | %s |\n", markdown(c.Name), markdown(c.Need), markdown(values), markdown(c.Text), markdown(c.Example))
	}
	for _, part := range []struct {
		title string
		rules []data.Rule
	}{{"Reglas de este conjunto", d.Own}, {"Reglas de todo archivo", d.Standard}} {
		if len(part.rules) == 0 {
			continue
		}
		fmt.Fprintf(&b, "\n## %s\n\n| regla | qué pasa | mal | bien |\n|---|---|---|---|\n", part.title)
		for _, r := range part.rules {
			fmt.Fprintf(&b, "| %s: %s | %s | %s | %s |\n", r.ID, markdown(r.Text), statusText(string(r.Severity)), markdown(r.Bad), markdown(r.Good))
		}
	}
	title := "\n## Para programas: expresiones regulares (RE2), de todo el valor\n\n| columna | expresión |\n|---|---|\n"
	for _, c := range d.Columns {
		if c.Pattern != "" {
			fmt.Fprintf(&b, "%s| %s | %s |\n", title, markdown(c.Name), markdown(c.Pattern))
			title = ""
		}
	}
	return []byte(b.String())
}

func rulesTable(caption string, rules []data.Rule) table {
	t := table{Caption: caption, Stacked: true, Head: []column{{Text: "Regla"}, {Text: "Qué pasa"}}}
	examples := slices.ContainsFunc(rules, func(r data.Rule) bool { return r.Bad != "" || r.Good != "" })
	if examples {
		t.Head = append(t.Head, column{Text: "Mal"}, column{Text: "Bien"})
	}
	for _, r := range rules {
		row := []cell{{Text: r.ID, Head: true, Sub: r.Text}, {Text: statusText(string(r.Severity))}}
		if examples {
			row = append(row, cell{Text: r.Bad}, cell{Text: r.Good})
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}
