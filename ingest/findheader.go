package ingest

import (
	"bytes"
	"fmt"

	"github.com/gttim/cauce/data"
)

// lookAhead is how many records are tried as the header before giving up.
const lookAhead = 30

// findHeader reads src up to the header and leaves it before the first record.
// Only the first pass counts lines and lists problems; later passes know that
// the header is there.
func (g *gate) findHeader(src *blocks, count bool) error {
	c := &g.ds.Contract
	names, titles := headerNames(c), newTitleLines(c)
	s := &scanner{delim: c.Delimiter[0]}
	var t tally
	for {
		ok, err := src.next(&s.b)
		if err != nil {
			return err
		}
		if !ok || s.b.overlong {
			return g.refuse(data.Problem{Line: 1, Rule: data.RuleNoHeader, Message: "no se encontró el encabezado",
				Expected: expectedHeader(c)})
		}
		s.reset()
		for s.next() {
			r := &s.rec
			if r.blank {
				t.blank += int64(r.lines)
				if count {
					if err := g.found.note(blankLine(g.name, r.line)); err != nil {
						return err
					}
				}
				continue
			}
			t.header += int64(r.lines)
			m := matchHeader(c, names, r.cells)
			if !m.exact() && titles.take(titleText(r, c.Delimiter[0])) {
				continue
			}
			if len(r.cells) > g.limits.Columns {
				return g.refuse(data.Problem{Line: int(r.line), Rule: data.RuleTooBig,
					Message: fmt.Sprintf("el encabezado tiene %d columnas; se admiten hasta %d", len(r.cells), g.limits.Columns)})
			}
			if !m.exact() {
				return g.headerProblems(s, m, names)
			}
			g.head = m.header
			if count {
				g.total.header, g.total.blank = t.header, t.blank
			}
			src.unread(bytes.Clone(s.b.data[s.at:]), s.line)
			return nil
		}
	}
}

func blankLine(file string, line int64) data.Problem {
	return data.Problem{File: file, Line: int(line), Rule: data.RuleBlankLine, Severity: data.Warn,
		Message: "línea en blanco; no cuenta como fila"}
}

func expectedHeader(c *data.Contract) string {
	var b bytes.Buffer
	for i, col := range c.Columns {
		if i > 0 {
			b.WriteString(c.Delimiter)
		}
		b.WriteString(col.Name)
	}
	if c.Wide != nil {
		for _, m := range c.Wide.Months {
			b.WriteString(c.Delimiter + m)
		}
	}
	return b.String()
}

// headerProblems says what the record at hand is instead of the header: the
// header with mistakes, one under another delimiter, a title, or data.
func (g *gate) headerProblems(s *scanner, m headerMatch, names map[string]int) error {
	c := &g.ds.Contract
	r := &s.rec
	if m.likely() {
		for _, p := range m.mistakes(c, r) {
			if err := g.refuse(p); err != nil {
				return err
			}
		}
		return nil
	}
	if d := otherDelimiter(c, names, r.raw); d != "" {
		return g.refuse(data.Problem{Line: int(r.line), Rule: data.RuleDelimiter,
			Message:  "el separador de columnas es " + d + " y el contrato pide «" + c.Delimiter + "»",
			Expected: c.Delimiter, Value: shown(r.raw)})
	}
	first, value := r.line, shown(r.raw)
	for n := 0; n < lookAhead && s.next(); n++ {
		later := matchHeader(c, names, s.rec.cells)
		if later.exact() || later.likely() {
			return g.refuse(data.Problem{Line: int(first), Rule: data.RuleTitleLine, Value: value,
				Message: fmt.Sprintf("hay líneas de título que el contrato no declara; el encabezado está en la línea %d", s.rec.line),
				Hint:    "quite las líneas de título o pida que el contrato las declare"})
		}
	}
	return g.refuse(data.Problem{Line: int(first), Rule: data.RuleNoHeader, Value: value,
		Message: "no se reconoce el encabezado", Expected: expectedHeader(c)})
}
