package data

import (
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
)

// Codebook says where the codes that a column is delivered in are explained: a
// file of the dataset's folder, or one that is delivered beside the data.
type Codebook struct {
	File      string `yaml:"file"`      // codigo,etiqueta[,canonico], comma, UTF-8
	Delivered bool   `yaml:"delivered"` // NAME.codebook.csv: variable,codigo,etiqueta[,canonico], the contract's delimiter
}

// Limits of a codebook.
const (
	codebookRows   = 100_000
	codebookFaults = 20 // problems that are told of one codebook
)

// The columns of a codebook. One that explains a single column has no variable.
const (
	variableColumn  = "variable"
	labelColumn     = "etiqueta"
	canonicalColumn = "canonico"
)

// entry is one row of a codebook.
type entry struct {
	line                             int
	variable, code, label, canonical string
}

// CodebookFault is what is wrong with one place of a codebook. Line is physical, 0
// for the whole file; Field the column of the contract that it is about, "" for
// none; Value what stands there. Message and Hint are Spanish, for agencies.
type CodebookFault struct {
	Line                              int
	Rule, Field, Value, Message, Hint string
}

// TakesCodebook tells whether a codebook is delivered beside the dataset's files.
func (c *Contract) TakesCodebook() bool {
	return slices.ContainsFunc(c.Columns, func(col Column) bool { return col.Codebook != nil && col.Codebook.Delivered })
}

// HashWith is the contract's hash for a delivery that came with the codebook of
// that sha256, "" for none: another codebook is another contract.
func (d *Dataset) HashWith(codebook string) string {
	if codebook == "" {
		return d.Hash
	}
	sum := sha256.Sum256([]byte(d.Hash + "\n" + codebook))
	return hex.EncodeToString(sum[:])
}

// ParseCodebooks reads the codebook that was delivered beside a file, as UTF-8
// text: a table of codes for each column of the contract that takes one. Variables
// are named as the column or by a spelling of its header; one that stands empty is
// that of the row above. Variables that the contract does not ask for are passed
// over. With faults the tables are of no use.
func (d *Dataset) ParseCodebooks(text string, reference map[string]*Table) (map[string]*Table, []CodebookFault) {
	rows, fault := readCodebook(text, rune(d.Delimiter[0]), true)
	if fault != nil {
		return nil, []CodebookFault{*fault}
	}
	out := map[string]*Table{}
	var faults []CodebookFault
	for i := range d.Columns {
		col := &d.Columns[i]
		if col.Codebook == nil || !col.Codebook.Delivered {
			continue
		}
		var own []entry
		for _, e := range rows {
			if col.isVariable(e.variable) {
				own = append(own, e)
			}
		}
		if len(own) == 0 && !col.Optional {
			faults = append(faults, CodebookFault{Rule: RuleCodebook, Field: col.Name, Message: fmt.Sprintf("no explica la columna %s", col.Name),
				Hint: "agregue un renglón por clave con " + strings.Join(append([]string{col.Name}, col.Headers...), " o ") + " en variable"})
			continue
		}
		t, bad := d.codeTable(col, reference[col.Catalog], own)
		out[col.Name] = t
		faults = append(faults, bad...)
	}
	if len(faults) > codebookFaults {
		more := len(faults) - codebookFaults
		faults = append(faults[:codebookFaults:codebookFaults], CodebookFault{Rule: faults[codebookFaults].Rule, Message: fmt.Sprintf("tiene %d problemas más", more)})
	}
	return out, faults
}

func (c *Column) isVariable(name string) bool {
	f := Fold(name)
	return f == Fold(c.Name) || slices.ContainsFunc(c.Headers, func(h string) bool { return f == Fold(h) })
}

// readCodebook reads the rows of a codebook.
func readCodebook(text string, delimiter rune, variables bool) ([]entry, *CodebookFault) {
	want := []string{codeColumn, labelColumn}
	if variables {
		want = append([]string{variableColumn}, want...)
	}
	expected := "su encabezado es " + strings.Join(want, ",") + " y, si hace falta, " + canonicalColumn
	broken := func(line int, message string) *CodebookFault {
		return &CodebookFault{Line: line, Rule: RuleCodebook, Message: message, Hint: expected}
	}
	r := csv.NewReader(strings.NewReader(text))
	r.Comma = delimiter
	head, err := r.Read()
	if errors.Is(err, io.EOF) {
		return nil, broken(0, "está vacío")
	}
	at := map[string]int{}
	for i, name := range head {
		name = Fold(name)
		if _, twice := at[name]; twice || name != canonicalColumn && !slices.Contains(want, name) {
			return nil, broken(1, fmt.Sprintf("tiene la columna «%s», que sobra", Printable(name)))
		}
		at[name] = i
	}
	for _, name := range want {
		if _, ok := at[name]; err == nil && !ok {
			return nil, broken(1, "no tiene la columna "+name)
		}
	}
	var out []entry
	variable := ""
	for err == nil {
		var cells []string
		if cells, err = r.Read(); err != nil {
			break
		}
		if len(out) == codebookRows {
			return nil, broken(0, fmt.Sprintf("tiene más de %d renglones", codebookRows))
		}
		cell := func(name string) string {
			if i, ok := at[name]; ok {
				return strings.TrimSpace(cells[i])
			}
			return ""
		}
		e := entry{code: cell(codeColumn), label: cell(labelColumn), canonical: cell(canonicalColumn), variable: cell(variableColumn)}
		e.line, _ = r.FieldPos(0)
		if e.variable == "" {
			e.variable = variable
		}
		variable = e.variable
		switch {
		case e.code == "" && e.label == "" && e.canonical == "":
			continue
		case e.code == "" || e.label == "":
			return nil, broken(e.line, "tiene un renglón sin clave o sin etiqueta")
		case variables && e.variable == "":
			return nil, broken(e.line, "tiene un renglón que no dice de qué variable es")
		}
		out = append(out, e)
	}
	if parse := new(csv.ParseError); errors.As(err, &parse) {
		return nil, broken(parse.Line, "no se puede leer: comillas o número de celdas")
	}
	return out, nil
}

// codeTable is the table of one column's codes: Code gives the code of the
// catalogue that a delivered code stands for or, in a column without one, its
// label. Codes that the contract has as marks of missing or suppressed values need
// not be in the catalogue.
func (c *Contract) codeTable(col *Column, catalog *Table, rows []entry) (*Table, []CodebookFault) {
	t := &Table{ID: col.Name, Columns: []string{codeColumn, nameColumn, canonicalColumn}, codes: map[string]string{}}
	labels := map[string]string{} // by folded code
	var faults []CodebookFault
	for _, e := range rows {
		if slices.Contains(c.Missing, e.code) || slices.Contains(c.Suppressed, e.code) {
			continue
		}
		if old, ok := labels[Fold(e.code)]; ok {
			if Fold(old) != Fold(e.label) {
				faults = append(faults, CodebookFault{Line: e.line, Rule: RuleCodebook, Field: col.Name, Value: e.code,
					Message: fmt.Sprintf("da a la clave %s de %s dos etiquetas: «%s» y «%s»", Printable(e.code), col.Name, Printable(old), Printable(e.label))})
			}
			continue
		}
		labels[Fold(e.code)] = e.label
		canonical, fault := meaning(col, catalog, e, len(faults) < codebookFaults)
		if fault != nil {
			faults = append(faults, *fault)
			continue
		}
		t.Rows = append(t.Rows, []string{e.code, e.label, canonical})
		t.Lines = append(t.Lines, e.line)
		t.codes[Fold(e.code)] = canonical
	}
	// A code that lost its leading zeros is the same code, unless that is another.
	bare := map[string]string{}
	twice := map[string]bool{}
	for _, r := range t.Rows {
		if s := strings.TrimLeft(r[0], "0"); s != r[0] && s != "" && strings.Trim(s, "0123456789") == "" {
			_, seen := bare[s]
			bare[s], twice[s] = r[2], seen
		}
	}
	for s, canonical := range bare {
		if _, taken := t.codes[s]; !taken && !twice[s] {
			t.codes[s] = canonical
		}
	}
	return t, faults
}

// meaning is what a code stands for: in a catalogue its canonico or, where it has
// none, its label; without a catalogue the same as text.
func meaning(col *Column, catalog *Table, e entry, nearest bool) (string, *CodebookFault) {
	text, what := e.label, "la etiqueta"
	if e.canonical != "" {
		text, what = e.canonical, "el valor canónico"
	}
	if catalog == nil {
		return text, nil
	}
	code, ok := catalog.Code(text)
	if ok {
		return code, nil
	}
	f := &CodebookFault{Line: e.line, Rule: RuleCodeLabel, Field: col.Name, Value: text,
		Message: fmt.Sprintf("da a la clave %s de %s %s «%s», que no está en el catálogo %s", Printable(e.code), col.Name, what, Printable(text), col.Catalog),
		Hint:    "escriba la etiqueta como en el catálogo, o agregue una columna canonico con su clave"}
	if nearest {
		if n := catalog.Nearest(text); n != "" {
			f.Hint = fmt.Sprintf("¿quiso decir «%s»?", n)
		}
	}
	return "", f
}

var codebookFile = regexp.MustCompile(`^[a-z0-9][a-z0-9_.-]*\.csv$`)

// loadCodebooks checks what the contract says of codebooks and reads those of the
// dataset's folder. text is the contract; read gives a file of the folder and takes
// it into the contract's hash.
func (d *Dataset) loadCodebooks(text string, read func(name string, required bool) (string, error), reference map[string]*Table) error {
	p := &problems{name: path.Join("datasets", d.ID, "contract.yml")}
	if d.Wide != nil && d.Wide.Value.Codebook != nil {
		p.add("wide.value takes no codebook")
	}
	hashed := map[string]string{}
	for i := range d.Columns {
		col := &d.Columns[i]
		if col.Codebook == nil {
			continue
		}
		p.name = path.Join("datasets", d.ID, "contract.yml") + placeOf(text, fmt.Sprintf("$.columns[%d].codebook", i))
		switch {
		case !col.Dictionary():
			p.add("column %q: codebook goes with type catalogo or categoria", col.Name)
		case col.Codebook.Delivered == (col.Codebook.File != ""):
			p.add("column %q: codebook needs either file or delivered: true", col.Name)
		case col.Codebook.Delivered:
		case !codebookFile.MatchString(col.Codebook.File):
			p.add("column %q: codebook file %q is not the name of a .csv of the dataset's folder", col.Name, col.Codebook.File)
		default:
			content, ok := hashed[col.Codebook.File]
			if !ok {
				var err error
				if content, err = read(col.Codebook.File, true); err != nil {
					p.errs = append(p.errs, err)
					continue
				}
				hashed[col.Codebook.File] = content
			}
			if err := d.addCodebook(col, content, reference[col.Catalog]); err != nil {
				p.errs = append(p.errs, err)
			}
		}
	}
	return p.err()
}

// addCodebook reads one codebook of the folder. Its errors name it with the line.
func (d *Dataset) addCodebook(col *Column, text string, catalog *Table) error {
	name := path.Join("datasets", d.ID, col.Codebook.File)
	p := &problems{name: name}
	add := func(f CodebookFault) {
		p.name = name
		if f.Line > 0 {
			p.name = fmt.Sprintf("%s:%d:1", name, f.Line)
		}
		p.add("%s (%s)", f.Message, f.Hint)
	}
	rows, fault := readCodebook(strings.TrimPrefix(text, "\ufeff"), ',', false)
	if fault != nil {
		add(*fault)
		return p.err()
	}
	t, faults := d.codeTable(col, catalog, rows)
	for _, f := range faults {
		add(f)
	}
	if len(t.Rows) == 0 && len(faults) == 0 {
		p.add("no code")
	}
	if d.Codebooks == nil {
		d.Codebooks = map[string]*Table{}
	}
	d.Codebooks[col.Name] = t
	return p.err()
}

// placeOf is :line:column of a node of a YAML text, "" where there is none.
func placeOf(text, node string) string {
	at, err := yaml.PathString(node)
	if err != nil {
		return ""
	}
	n, err := at.ReadNode(strings.NewReader(text))
	if err != nil || n.GetToken() == nil {
		return ""
	}
	return fmt.Sprintf(":%d:%d", n.GetToken().Position.Line, n.GetToken().Position.Column)
}
