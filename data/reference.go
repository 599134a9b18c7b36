package data

import (
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"sort"
	"strings"
	"sync"
)

// Table is one reference table: a CSV of data/reference whose first column is
// `codigo` when it is a catalogue. All values are text.
type Table struct {
	ID      string
	Columns []string
	Rows    [][]string
	Lines   []int // physical line of each row

	codes map[string]string // folded spelling to code
	names []string

	once sync.Once
	text string // ReferenceText
}

// Catalogue tables have these columns first; a synonym list is separated by "|".
const (
	codeColumn     = "codigo"
	nameColumn     = "nombre"
	synonymsColumn = "sinonimos"
)

// Column returns the position of the named column, -1 when there is none.
func (t *Table) Column(name string) int {
	for i, c := range t.Columns {
		if c == name {
			return i
		}
	}
	return -1
}

// IsCatalog tells whether values can be looked up in the table.
func (t *Table) IsCatalog() bool { return len(t.Columns) > 0 && t.Columns[0] == codeColumn }

// Code finds the code that a delivered spelling stands for: the code itself
// (with or without leading zero), the name or a synonym, compared by Fold.
func (t *Table) Code(s string) (string, bool) {
	c, ok := t.codes[Fold(s)]
	return c, ok
}

// Nearest offers the accepted spelling nearest to s, "" when none is near.
func (t *Table) Nearest(s string) string { return Nearest(s, t.names) }

// Codes lists the codes in file order.
func (t *Table) Codes() []string {
	out := make([]string, len(t.Rows))
	for i, r := range t.Rows {
		out[i] = r[0]
	}
	return out
}

// Name gives the name of a code, the code itself when it has none.
func (t *Table) Name(code string) string {
	n := t.Column(nameColumn)
	for _, r := range t.Rows {
		if n >= 0 && r[0] == code {
			return r[n]
		}
	}
	return code
}

// LoadReference reads every *.csv of dir as a reference table, by id.
func LoadReference(fsys fs.FS, dir string) (map[string]*Table, error) {
	names, err := fs.Glob(fsys, path.Join(dir, "*.csv"))
	if err != nil {
		return nil, err
	}
	sort.Strings(names)
	out := map[string]*Table{}
	tables, err := Each(names, func(name string) (*Table, error) { return loadTable(fsys, name) })
	for _, t := range tables {
		out[t.ID] = t
	}
	return out, err
}

func loadTable(fsys fs.FS, name string) (*Table, error) {
	f, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	r := csv.NewReader(f)
	t := &Table{ID: strings.TrimSuffix(path.Base(name), ".csv"), codes: map[string]string{}}
	p := &problems{name: name}
	if !identifier.MatchString(t.ID) {
		p.add("table name %q is not of the form [a-z][a-z0-9_]*", t.ID)
		return nil, p.err()
	}
	rows, err := readAll(r, t)
	if err != nil {
		p.add("%v", err)
		return nil, p.err()
	}
	if len(rows) == 0 {
		p.add("empty")
		return nil, p.err()
	}
	t.Columns, t.Rows = rows[0], rows[1:]
	t.Lines = t.Lines[1:]
	for _, c := range t.Columns {
		if !identifier.MatchString(c) {
			p.add("column name %q is not of the form [a-z][a-z0-9_]*", c)
		}
	}
	if t.IsCatalog() {
		t.index(p)
	}
	return t, p.err()
}

func readAll(r *csv.Reader, t *Table) ([][]string, error) {
	var rows [][]string
	for {
		row, err := r.Read()
		if err != nil {
			if errors.Is(err, io.EOF) {
				return rows, nil
			}
			return nil, err
		}
		line, _ := r.FieldPos(0)
		t.Lines = append(t.Lines, line)
		rows = append(rows, row)
	}
}

// index fills the spellings of a catalogue and refuses a spelling that stands
// for two codes.
func (t *Table) index(p *problems) {
	name, syn := t.Column(nameColumn), t.Column(synonymsColumn)
	for i, row := range t.Rows {
		code := row[0]
		spellings := []string{code}
		if strings.Trim(code, "0123456789") == "" {
			spellings = append(spellings, strings.TrimLeft(code, "0"))
		}
		if name >= 0 {
			spellings = append(spellings, row[name])
			t.names = append(t.names, row[name])
		} else {
			t.names = append(t.names, code)
		}
		if syn >= 0 && row[syn] != "" {
			spellings = append(spellings, strings.Split(row[syn], "|")...)
		}
		for _, s := range spellings {
			f := Fold(s)
			if f == "" {
				continue
			}
			if old, ok := t.codes[f]; ok && old != code {
				p.add("line %d: spelling %q stands for both %q and %q", t.Lines[i], s, old, code)
				continue
			}
			t.codes[f] = code
		}
	}
}

// Version tells the table's list of codes and their names, in whatever order, from
// any other: twelve hexadecimal digits. A synonym more or less does not change it.
func (t *Table) Version() string {
	rows := make([]string, len(t.Rows))
	name := max(t.Column(nameColumn), 0)
	for i, r := range t.Rows {
		rows[i] = fmt.Sprintf("%q %q\n", r[0], r[name])
	}
	slices.Sort(rows)
	sum := sha256.Sum256([]byte(strings.Join(rows, "")))
	return hex.EncodeToString(sum[:6])
}

// ReferenceText is the whole table as one text, for hashing. It is made once: the
// table must not change any more.
func (t *Table) ReferenceText() string {
	t.once.Do(func() {
		var b strings.Builder
		fmt.Fprintf(&b, "%s\n%q\n", t.ID, t.Columns)
		for _, r := range t.Rows {
			fmt.Fprintf(&b, "%q\n", r)
		}
		t.text = b.String()
	})
	return t.text
}
