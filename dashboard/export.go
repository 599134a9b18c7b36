package dashboard

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gttim/cauce/indicators"
	"github.com/gttim/cauce/internal/export"
)

// download is one form in which an indicator can be taken away.
type download struct {
	ext, contentType string
	body             func(*request, *indicators.Indicator) ([]byte, error)
}

// downloads lists the forms of an indicator besides its JSON document; the first
// whose ending fits an address answers it.
func downloads() []download {
	return []download{
		{".metadata.json", typeJSON, (*request).metadataJSON},
		{".revisiones.json", typeJSON, (*request).revisionsJSON},
		{".revisiones.csv", typeCSV, func(q *request, d *indicators.Indicator) ([]byte, error) {
			return written(export.CSV, revisionTable(d, q.revisions(d)))
		}},
		{".csv", typeCSV, func(q *request, d *indicators.Indicator) ([]byte, error) { return written(export.CSV, q.dataTable(d)) }},
		{".xlsx", typeXLSX, (*request).workbook},
		{".parquet", typeParquet, func(q *request, d *indicators.Indicator) ([]byte, error) {
			return written(export.Parquet, q.dataTable(d))
		}},
		{".arrow", typeArrow, func(q *request, d *indicators.Indicator) ([]byte, error) {
			return written(export.Arrow, q.dataTable(d))
		}},
		{".md", typeMarkdown, func(q *request, d *indicators.Indicator) ([]byte, error) { return q.sheetMarkdown(d), nil }},
		{".zip", typeZIP, (*request).bundle},
	}
}

func written(write func(io.Writer, *export.Table) error, t *export.Table) ([]byte, error) {
	var b bytes.Buffer
	err := write(&b, t)
	return b.Bytes(), err
}

// fileName names a download by what it holds: the indicator and the clocks.
func (q *request) fileName(id, ext string) string {
	if !q.AsOf.IsZero() {
		id += "_al_" + q.AsOf.Format(time.DateOnly)
	}
	if !q.Loaded.IsZero() {
		id += "_carga_" + strconv.Itoa(q.load)
	}
	return id + ext
}

// about tells what a table of an indicator's values is.
func (q *request) about(d *indicators.Indicator) []export.Pair {
	out := []export.Pair{
		{Name: "indicador", Value: d.ID}, {Name: "nombre", Value: d.Name.ES}, {Name: "unidad", Value: d.Unit}, {Name: "version", Value: d.Version},
		{Name: "publicacion", Value: strconv.Itoa(q.Publication.ID)}, {Name: "publicado_en", Value: q.Publication.At.UTC().Format(time.RFC3339)},
	}
	if s := q.asOfText(); s != nil {
		out = append(out, export.Pair{Name: "as_of", Value: *s})
	}
	if n := q.loadNumber(); n != nil {
		out = append(out, export.Pair{Name: "as_of_carga", Value: strconv.Itoa(*n)})
	}
	return out
}

// dataTable holds values one per row, in the order of the API: every declared
// dimension has a column for its code and one for its label.
func (q *request) dataTable(d *indicators.Indicator) *export.Table {
	values := q.list(d.ID)
	dims := dimensionsOf(d, values)
	t := &export.Table{Name: "Datos", About: q.about(d), Columns: []export.Column{
		{Name: "indicador", Width: 28}, {Name: "periodo_inicio", Kind: export.Day}, {Name: "periodo_fin", Kind: export.Day},
	}}
	for _, k := range dims {
		t.Columns = append(t.Columns, export.Column{Name: k}, export.Column{Name: k + "_etiqueta"})
	}
	t.Columns = append(t.Columns, []export.Column{
		{Name: "valor", Kind: export.Number}, {Name: "numerador", Kind: export.Number}, {Name: "denominador", Kind: export.Number},
		{Name: "unidad", Width: 14}, {Name: "estado", Width: 14}, {Name: "estado_codigo", Width: 14}, {Name: "vigencia", Kind: export.Day}, {Name: "reportes", Kind: export.Integers},
		{Name: "intervalo_min", Kind: export.Number}, {Name: "intervalo_max", Kind: export.Number}, {Name: "ruptura", Kind: export.Flag}, {Name: "notas", Kind: export.Texts},
	}...)
	for _, v := range values {
		row := dimensionCells([]any{d.ID, v.From, v.To}, dims, v)
		var low, high any
		if v.Interval != nil {
			low, high = v.Interval[0], v.Interval[1]
		}
		t.Rows = append(t.Rows, append(row, export.Optional(v.Value), export.Optional(v.Numerator), export.Optional(v.Denominator), v.Unit, indicators.StatusText(v.Status), v.Status,
			v.Vintage, list(v.Reports), low, high, v.Break, list(v.Notes)))
	}
	return t
}

// dimensionsOf lists the declared dimensions and any other that values have.
func dimensionsOf(d *indicators.Indicator, values []*Value) []string {
	dims := dimensionIDs(d)
	for _, v := range values {
		for k := range v.Dimensions {
			if !slices.Contains(dims, k) {
				dims = append(dims, k)
			}
		}
	}
	return dims
}

// dimensionCells adds code and label of each dimension; a value of the whole has
// none.
func dimensionCells(row []any, dims []string, v *Value) []any {
	for _, k := range dims {
		if code, ok := v.Dimensions[k]; ok {
			row = append(row, code, v.Labels[k])
		} else {
			row = append(row, nil, nil)
		}
	}
	return row
}

// workbook is the indicator as XLSX: its values, its sheet, its revisions.
func (q *request) workbook(d *indicators.Indicator) ([]byte, error) {
	tables := []*export.Table{q.dataTable(d), q.sheetTable(d)}
	if r := revisionTable(d, q.revisions(d)); len(r.Rows) > 0 {
		tables = append(tables, r)
	}
	var b bytes.Buffer
	err := export.Workbook(&b, tables...)
	return b.Bytes(), err
}

// bundle is the indicator as ZIP: values, sheet, structure and how to read them.
func (q *request) bundle(d *indicators.Indicator) ([]byte, error) {
	var files []export.File
	for _, x := range downloads() {
		if x.ext == ".zip" {
			continue
		}
		body, err := x.body(q, d)
		if err != nil {
			return nil, err
		}
		files = append(files, export.File{Name: d.ID + x.ext, Body: body})
	}
	structure, err := json.MarshalIndent(q.structure(d), "", " ")
	if err != nil {
		return nil, fmt.Errorf("structure of %s: %w", d.ID, err)
	}
	values, err := json.Marshal(q.document(d))
	if err != nil {
		return nil, fmt.Errorf("values of %s: %w", d.ID, err)
	}
	files = append(files, export.File{Name: d.ID + ".json", Body: append(values, '\n')}, export.File{Name: d.ID + ".estructura.json", Body: append(structure, '\n')})
	slices.SortFunc(files, func(a, b export.File) int { return strings.Compare(a.Name, b.Name) })
	files = append([]export.File{{Name: "LEEME.md", Body: q.readme(d)}}, files...)
	var b bytes.Buffer
	err = export.Zip(&b, q.Publication.At, files...)
	return b.Bytes(), err
}

// readme tells what is in the ZIP.
func (q *request) readme(d *indicators.Indicator) []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n\n%s\n\n", markdown(d.Name.ES), markdown(d.Definition.ES))
	fmt.Fprintf(&b, "Indicador `%s`, versión %s. Publicación %d de Cauce, del %s.", d.ID, markdown(d.Version), q.Publication.ID, q.Publication.At.UTC().Format(time.RFC3339))
	if !q.AsOf.IsZero() {
		fmt.Fprintf(&b, " Cifras tal como estaban publicadas al %s.", q.AsOf.Format(time.DateOnly))
	}
	if !q.Loaded.IsZero() {
		fmt.Fprintf(&b, " Según lo que Cauce había cargado hasta la carga %d.", q.load)
	}
	b.WriteString("\n\n| archivo | qué es |\n|---|---|\n")
	for _, f := range [][2]string{
		{".json", "los valores, como los da la API"}, {".csv", "los valores, uno por línea (UTF-8, comas, CRLF)"}, {".xlsx", "los valores, la ficha y las revisiones en un libro"},
		{".parquet", "los valores con sus tipos"}, {".arrow", "los valores con sus tipos, archivo Arrow IPC"},
		{".revisiones.csv", "cada cifra que cambió, según cuándo se publicó"}, {".revisiones.json", "lo mismo, en JSON"},
		{".md", "la ficha técnica"}, {".metadata.json", "la ficha técnica y los conjuntos de datos, en JSON"},
		{".estructura.json", "dimensiones, atributos, conceptos y listas de códigos: un mensaje de estructura de SDMX-JSON 2.0.0"},
	} {
		fmt.Fprintf(&b, "| `%s%s` | %s |\n", d.ID, f[0], f[1])
	}
	b.WriteString("\nLos porcentajes están en por ciento y sin redondear. Una celda vacía es un dato que no hay, nunca un cero. En las tablas (CSV, XLSX, Parquet y Arrow) `estado` es la palabra que muestran las páginas, que es la que se cita, y `estado_codigo` el código que llevan los programas; en JSON y en la estructura, `estado` es ese código. `reportes` son los números de los reportes de los que sale cada valor. " +
		"En CSV y XLSX, un texto que una hoja de cálculo tomaría por fórmula lleva un apóstrofo delante.\n")
	return []byte(b.String())
}
