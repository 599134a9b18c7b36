package gate

import (
	"bytes"
	"context"
	"fmt"
	"io"

	"github.com/gttim/cauce/data"
	"github.com/gttim/cauce/ingest/gate/split"
)

// lookAhead is how many records are tried as the header before giving up.
const lookAhead = 30

// findHeader reads src up to the header and leaves it before the first record.
// Only the first pass counts lines and lists problems; later passes know that
// the header is there.
func (g *Gate) findHeader(src *split.Blocks, count bool) error {
	c := &g.ds.Contract
	names, titles := headerNames(c), newTitleLines(c)
	s := split.NewScanner(c.Delimiter[0])
	var t Tally
	for {
		ok, err := src.Next(&s.Block)
		if err != nil {
			return g.broken(err)
		}
		if !ok || s.Block.Overlong {
			return g.Refuse(data.Problem{Line: 1, Rule: data.RuleNoHeader, Message: "no se encontró el encabezado",
				Expected: expectedHeader(c)})
		}
		s.Reset()
		for s.Next() {
			r := &s.Rec
			if r.Blank {
				t.Blank += int64(r.Lines)
				if count {
					if err := g.found.note(blankLine(g.name, r.Line)); err != nil {
						return err
					}
				}
				continue
			}
			t.Header += int64(r.Lines)
			m := matchHeader(c, names, r.Cells)
			if !m.exact() && titles.take(titleText(r, c.Delimiter[0])) {
				continue
			}
			if len(r.Cells) > g.limits.Columns {
				return g.Refuse(data.Problem{Line: int(r.Line), Rule: data.RuleTooBig,
					Message: fmt.Sprintf("el encabezado tiene %d columnas; se admiten hasta %d", len(r.Cells), g.limits.Columns)})
			}
			if !m.exact() {
				return g.headerProblems(&s, m, names)
			}
			g.head = m.header
			if count {
				g.total.Header, g.total.Blank = t.Header, t.Blank
			}
			src.Unread(s.Rest())
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
func (g *Gate) headerProblems(s *split.Scanner, m headerMatch, names map[string]int) error {
	c := &g.ds.Contract
	r := &s.Rec
	if m.likely() {
		for _, p := range m.mistakes(c, r) {
			if err := g.Refuse(p); err != nil {
				return err
			}
		}
		return nil
	}
	if d := otherDelimiter(c, names, r.Raw); d != "" {
		return g.Refuse(data.Problem{Line: int(r.Line), Rule: data.RuleDelimiter,
			Message:  "el separador de columnas es " + d + " y el contrato pide «" + c.Delimiter + "»",
			Expected: c.Delimiter, Value: shown(r.Raw)})
	}
	first, value := r.Line, shown(r.Raw)
	for n := 0; n < lookAhead && s.Next(); n++ {
		later := matchHeader(c, names, s.Rec.Cells)
		if later.exact() || later.likely() {
			return g.Refuse(data.Problem{Line: int(first), Rule: data.RuleTitleLine, Value: value,
				Message: fmt.Sprintf("hay líneas de título que el contrato no declara; el encabezado está en la línea %d", s.Rec.Line),
				Hint:    "quite las líneas de título o pida que el contrato las declare"})
		}
	}
	return g.Refuse(data.Problem{Line: int(first), Rule: data.RuleNoHeader, Value: value,
		Message: "no se reconoce el encabezado", Expected: expectedHeader(c)})
}

// HasHeader tells whether the beginning of a file has the dataset's header.
func HasHeader(ds *data.Dataset, head []byte) bool {
	p := split.NewProfile()
	p.Add(head)
	p.Finish()
	g, err := Open(context.Background(), Input{Dataset: ds, Profile: *p,
		Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(head)), nil }, headerOnly: true})
	if err != nil {
		return false
	}
	defer g.Close()
	return !g.Refused()
}
