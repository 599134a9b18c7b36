package template

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/gttim/cauce/data"
)

// fact is one line of the guide's head.
type fact struct{ name, value string }

// facts say what the dataset is, who delivers it, when and in what form.
func facts(ds *data.Dataset, reference map[string]*data.Table) []fact {
	classes := map[data.Class]string{
		data.ClassPublic: "pública", data.ClassInternal: "interna: se publica con celdas pequeñas suprimidas",
		data.ClassSensitive: "sensible: se publica con celdas pequeñas suprimidas", data.ClassRestricted: "restringida: no se publica; solo sus agregados, donde los hay",
	}
	replaces := map[data.Policy]string{
		data.ReplacePeriods: "un archivo nuevo sustituye los periodos que abarca, del primero al último",
		data.AppendByKey:    "una fila nueva sustituye a la de su misma clave (" + strings.Join(ds.Revision.Key, ", ") + ")",
		data.Snapshot:       "un archivo nuevo sustituye a los anteriores por completo",
	}
	encodings := map[string]string{"auto": "UTF-8 (o Windows-1252)", "utf-8": "UTF-8", "windows-1252": "Windows-1252", "latin-1": "Latin-1", "utf-16": "UTF-16"}
	delimiters := map[string]string{",": "coma", ";": "punto y coma", "\t": "tabulador", "|": "barra vertical"}
	out := []fact{
		{"Conjunto", ds.ID},
		{"Título", ds.Contract.Title.ES},
		{"Para qué", ds.Catalog.Description.ES},
		{"Quién entrega", ds.Producer},
		{"A quién preguntar", ds.Contact},
		{"Cuándo", when(ds.Cadence)},
		{"Clase", classes[ds.Class]},
		{"Formato", form(ds, encodings[ds.Encoding], delimiters[ds.Delimiter])},
		{"Una sola fila por", strings.Join(ds.Key, ", ")},
		{"Correcciones", replaces[ds.Revision.Policy]},
	}
	if ds.Hierarchy != nil {
		out = append(out, tableFacts(ds, reference)...)
	}
	if len(ds.Missing) > 0 {
		out = append(out, fact{"Sin dato se escribe", strings.Join(ds.Missing, " ")})
	}
	if ds.TakesCodebook() {
		out = append(out, fact{"Libro de códigos", "se entrega al lado del archivo, antes que él, con el mismo nombre y final .codebook.csv; columnas variable, codigo, etiqueta y, si la etiqueta no es la del catálogo, canonico"})
	}
	if len(ds.Suppressed) > 0 {
		out = append(out, fact{"Suprimido se escribe", strings.Join(ds.Suppressed, " ")})
	}
	return append(out, fact{"Antes de enviarlo", "cauce check ARCHIVO --dataset " + ds.ID + " (revisa todo y no carga nada)"})
}

// form says in what form a file comes.
func form(ds *data.Dataset, encoding, delimiter string) string {
	csv := "CSV con encabezado, codificación " + encoding + ", separador " + delimiter
	switch {
	case ds.Workbook == nil:
		return csv
	case ds.Format == "xlsx":
		return "libro de Excel (.xlsx; el .xls de Excel 97-2003 no se lee), el encabezado en una hoja visible"
	}
	return csv + "; o libro de Excel (.xlsx; el .xls de Excel 97-2003 no se lee), el encabezado en una hoja visible"
}

// when says when a report is expected.
func when(c data.Cadence) string {
	every := map[string]string{"mes": "cada mes", "trimestre": "cada trimestre", "anio": "cada año"}[c.Every]
	if every == "" {
		return "sin calendario publicado: cuando haya datos nuevos" + instead(c)
	}
	after := strconv.Itoa(c.MonthsAfter) + " meses después de que termina el periodo"
	switch c.MonthsAfter {
	case 0:
		after = "el mes en que termina el periodo"
	case 1:
		after = "el mes siguiente al fin del periodo"
	}
	s := fmt.Sprintf("%s, a más tardar el día %d, %s", every, c.DueDay, after)
	if c.GraceDays > 0 {
		s += fmt.Sprintf(", con %d días de gracia", c.GraceDays)
	}
	return s + instead(c)
}

// instead says of which other dataset a report will do.
func instead(c data.Cadence) string {
	if c.FormOf == "" {
		return ""
	}
	return "; de cada periodo basta un reporte, de este conjunto o de " + c.FormOf
}

// Guide writes the guide of a dataset for those who deliver it, in Spanish: what
// it is for, its columns, and every rule with a bad and a good example.
func Guide(out io.Writer, ds *data.Dataset, reference map[string]*data.Table) error {
	var b strings.Builder
	for _, f := range facts(ds, reference) {
		fmt.Fprintf(&b, "%s: %s\n", f.name, f.value)
	}
	b.WriteString("\nCOLUMNAS (el orden es libre; cuentan los nombres)\n")
	for _, c := range columns(ds, reference) {
		fmt.Fprintf(&b, "\n  %s · %s · %s\n    %s\n    ejemplo: %s\n", c.Name, c.need(), c.kind, c.Text, example(c))
		if len(c.Headers) > 0 {
			fmt.Fprintf(&b, "    también se acepta como encabezado: %s\n", strings.Join(c.Headers, ", "))
		}
		if s := c.listed(); s != "" {
			fmt.Fprintf(&b, "    valores: %s\n", s)
		}
	}
	severities := map[data.Severity]string{data.Refuse: "se rechaza el archivo", data.Quarantine: "la fila va a cuarentena", data.Warn: "solo se avisa"}
	write := func(title string, rules []data.Rule) {
		if len(rules) == 0 {
			return
		}
		b.WriteString("\n" + title + "\n")
		for _, r := range rules {
			fmt.Fprintf(&b, "\n  %s %s (%s)\n", r.ID, r.Text, severities[r.Severity])
			if r.Bad != "" {
				fmt.Fprintf(&b, "    mal:  %s\n", r.Bad)
			}
			if r.Good != "" {
				fmt.Fprintf(&b, "    bien: %s\n", r.Good)
			}
		}
	}
	write("REGLAS DE ESTE CONJUNTO", ownRules(ds))
	write("REGLAS DE TODO ARCHIVO", ds.StandardRules())
	patterns(&b, columns(ds, reference))
	fmt.Fprintf(&b, "\nPLANTILLA VACÍA\n\n  cauce datasets show %[1]s --template xlsx --out %[1]s.xlsx\n  cauce datasets show %[1]s --template csv --out %[1]s.csv\n", ds.ID)
	if _, err := io.WriteString(out, b.String()); err != nil {
		return fmt.Errorf("guide: %w", err)
	}
	return nil
}

// patterns lists the contract's own regular expressions, for those who write programs.
func patterns(b *strings.Builder, all []column) {
	title := "\nPARA PROGRAMAS: EXPRESIONES REGULARES (RE2, de todo el valor)\n\n"
	for _, c := range all {
		if c.Pattern != "" {
			fmt.Fprintf(b, "%s  %s  %s\n", title, c.Name, c.Pattern)
			title = ""
		}
	}
}

func example(c column) string {
	if c.Example == "" {
		return "(vacío)"
	}
	return c.Example
}

// Document is the guide in parts, for those who lay it out themselves.
type Document struct {
	Facts         []Fact
	Columns       []ColumnGuide
	Own, Standard []data.Rule
}

// Fact is one line of the guide's head.
type Fact struct{ Name, Value string }

// ColumnGuide is what the guide says of a column. Pattern is the contract's own, for
// programs; Kind says it in words.
type ColumnGuide struct{ Name, Need, Kind, Text, Example, Headers, Values, Pattern string }

// Describe gives the guide of a dataset in parts.
func Describe(ds *data.Dataset, reference map[string]*data.Table) Document {
	d := Document{Own: ownRules(ds), Standard: ds.StandardRules()}
	for _, f := range facts(ds, reference) {
		d.Facts = append(d.Facts, Fact{f.name, f.value})
	}
	for _, c := range columns(ds, reference) {
		d.Columns = append(d.Columns, ColumnGuide{c.Name, c.need(), c.kind, c.Text, example(c), strings.Join(c.Headers, ", "), c.listed(), c.Pattern})
	}
	return d
}
