package gate

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"

	"github.com/gttim/cauce/data"
	"github.com/gttim/cauce/ingest/dialect"
	"github.com/gttim/cauce/ingest/gate/split"
	"github.com/gttim/cauce/ingest/gate/tablehead"
	"golang.org/x/text/unicode/norm"
)

// header says where the declared columns are in the file.
type header struct {
	width  int
	at     []int // per column of the contract: its place in the file, -1 when absent
	values []int // per month of a wide contract and, within it, per part: -1 when absent
	parts  int   // parts of each month: 1 where months have none
	parted bool  // parts are named in a second row
	totals tablehead.Totals
}

// Targets of a header cell besides the contract's columns (0 and up).
const (
	targetIgnored = -1
	targetMonth   = tablehead.Month // and up: month columns of a wide contract
)

// headerNames maps every accepted spelling to what it names.
func headerNames(c *data.Contract) map[string]int {
	names := map[string]int{}
	for _, n := range c.Ignored {
		names[norm.NFC.String(n)] = targetIgnored
	}
	for i := range c.Columns {
		names[c.Columns[i].Name] = i
		for _, h := range c.Columns[i].Headers {
			names[norm.NFC.String(h)] = i
		}
	}
	if c.Wide != nil {
		for m, h := range c.Wide.Months {
			names[norm.NFC.String(h)] = targetMonth + m
		}
	}
	return names
}

// headerMatch is how well a record serves as the header.
type headerMatch struct {
	header
	known    int   // cells with an accepted spelling
	near     int   // cells that differ only in case, accents or space
	needed   int   // columns that must be there
	missing  []int // targets
	extra    []int // cells
	repeated []int // cells
}

func (m headerMatch) exact() bool { return len(m.missing)+len(m.extra)+len(m.repeated) == 0 }

// likely tells whether the record is meant as the header though it has mistakes.
func (m headerMatch) likely() bool { return m.known+m.near > 0 && 2*(m.known+m.near) >= m.needed }

func matchHeader(c *data.Contract, names map[string]int, cells [][]byte) headerMatch {
	m := headerMatch{header: header{width: len(cells), at: make([]int, len(c.Columns))}}
	for i := range m.at {
		m.at[i] = -1
	}
	if c.Wide != nil {
		m.parts, m.values = 1, make([]int, len(c.Wide.Months))
		for i := range m.values {
			m.values[i] = -1
		}
	}
	folded := map[string]bool{}
	for n := range names {
		folded[data.Fold(n)] = true
	}
	for i, cell := range cells {
		target, ok := names[norm.NFC.String(string(cell))]
		if !ok {
			if len(cell) < 1000 && folded[data.Fold(string(cell))] {
				m.near++
			}
			m.extra = append(m.extra, i)
			continue
		}
		m.known++
		if target == targetIgnored {
			continue
		}
		var place *int
		if target >= targetMonth {
			place = &m.values[target-targetMonth]
		} else {
			place = &m.at[target]
		}
		if *place >= 0 {
			m.repeated = append(m.repeated, i)
			continue
		}
		*place = i
	}
	for i, at := range m.at {
		if !c.Columns[i].Optional {
			m.needed++
			if at < 0 {
				m.missing = append(m.missing, i)
			}
		}
	}
	for i, at := range m.values {
		m.needed++
		if at < 0 {
			m.missing = append(m.missing, targetMonth+i)
		}
	}
	return m
}

func (m headerMatch) name(c *data.Contract, target int) string {
	switch {
	case target >= targetMonth && m.parted:
		return c.MonthCells()[target-targetMonth]
	case target >= targetMonth:
		return c.Wide.Months[target-targetMonth]
	}
	return c.Columns[target].Name
}

// mistakes lists what keeps the record from being the header.
func (m headerMatch) mistakes(c *data.Contract, r *split.Record) []data.Problem {
	var out []data.Problem
	refuse := func(cell int, field, rule, message, expected, hint string) {
		p := data.Problem{Line: int(r.Line), Column: r.Position(cell), Field: field, Rule: rule,
			Severity: data.Refuse, Message: message, Expected: expected, Hint: hint}
		if cell >= 0 && cell < len(r.Cells) {
			p.Value = shown(r.Cells[cell])
		}
		out = append(out, p)
	}
	extra := make([]string, len(m.extra))
	for i, cell := range m.extra {
		extra[i] = string(r.Cells[cell])
	}
	missing := make([]string, len(m.missing))
	for i, target := range m.missing {
		missing[i] = m.name(c, target)
		hint := ""
		if n := data.Nearest(missing[i], extra); n != "" {
			hint = fmt.Sprintf("¿es la columna «%s»?", shown([]byte(n)))
		}
		refuse(-1, missing[i], data.RuleMissingColumn, fmt.Sprintf("falta la columna «%s»", missing[i]), missing[i], hint)
	}
	for i, cell := range m.extra {
		if i == 100 {
			refuse(-1, "", data.RuleExtraColumn, fmt.Sprintf("y %d columnas más que el contrato no conoce", len(m.extra)-i), "", "")
			break
		}
		hint := ""
		if n := data.Nearest(extra[i], missing); n != "" {
			hint = fmt.Sprintf("¿quiso decir «%s»?", n)
		}
		refuse(cell, shown(r.Cells[cell]), data.RuleExtraColumn, "el contrato no conoce esta columna", "", hint)
	}
	for _, cell := range m.repeated {
		refuse(cell, shown(r.Cells[cell]), data.RuleRepeatedName, "el nombre de columna aparece dos veces", "", "")
	}
	return out
}

// delimiterName says a delimiter in words, "" for one that no contract has.
func delimiterName(d string) string {
	switch d {
	case ";":
		return "punto y coma"
	case ",":
		return "coma"
	case "\t":
		return "tabulador"
	case "|":
		return "barra vertical"
	}
	return ""
}

// otherDelimiter names the delimiter under which the record would be the header,
// "" when there is none.
func otherDelimiter(c *data.Contract, match func([][]byte) headerMatch, raw []byte) string {
	for _, d := range []byte(";,\t|") {
		if d == c.Delimiter[0] {
			continue
		}
		if r, ok := split.Line(raw, d); ok && match(r.Cells).likely() {
			return delimiterName(string(d))
		}
	}
	return ""
}

// seenDelimiter names the delimiter that the text looks to have, when it is
// another than the contract's, and the line of the header under it, 0 when no
// line is one. Nothing is loaded by it: it only says what the mistake may be.
func seenDelimiter(c *data.Contract, match func([][]byte) headerMatch, b split.Block) (name string, line int) {
	const look = 64 << 10
	d, names, ok := dialect.Guess(b.Data[:min(len(b.Data), look)])
	if !ok || d.Delimiter == c.Delimiter {
		return "", 0
	}
	cells := make([][]byte, len(names))
	for i, n := range names {
		cells[i] = []byte(n)
	}
	if match(cells).likely() {
		line = int(b.Line) + d.PreambleLines
	}
	return delimiterName(d.Delimiter), line
}

// titleText is a record as the declared patterns of title and footer lines see
// it: its line without the empty cells that a spreadsheet pads it with.
func titleText(r *split.Record, delim byte) string {
	raw := strings.TrimRight(string(r.Raw), string(delim)+" \r")
	if strings.HasPrefix(raw, `"`) && len(r.Cells) > 0 && !r.Open {
		rest := r.Cells[1:]
		for _, c := range rest {
			if len(c) > 0 {
				return raw
			}
		}
		return strings.TrimSpace(string(r.Cells[0]))
	}
	return raw
}

// titleLines are the declared patterns of lines above the header. Agencies leave
// one out or add one from year to year, so each may be absent, but they come in
// order.
type titleLines struct {
	patterns []*regexp.Regexp
}

func newTitleLines(c *data.Contract) titleLines {
	var t titleLines
	for _, p := range c.SkipRows {
		t.patterns = append(t.patterns, fullMatch(p))
	}
	return t
}

// take tells whether text is the next declared title line.
func (t *titleLines) take(text string) bool {
	for i, p := range t.patterns {
		if p.MatchString(text) {
			t.patterns = t.patterns[i+1:]
			return true
		}
	}
	return false
}

func fullMatch(pattern string) *regexp.Regexp {
	return regexp.MustCompile(`\A(?:` + pattern + `)\z`)
}

// lookAhead is how many records are tried as the header before giving up.
const lookAhead = 30

// findHeader reads src up to the header and leaves it before the first record.
// Only the first pass counts lines and lists problems; later passes know that
// the header is there.
func (g *Gate) findHeader(src *split.Blocks, count bool) error {
	c := &g.ds.Contract
	if c.Hierarchy != nil {
		return g.findTable(src, count)
	}
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
				if count && t.Blank <= blankListed {
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
			if len(r.Cells)+r.More > g.limits.Columns {
				return g.Refuse(data.Problem{Line: int(r.Line), Rule: data.RuleTooBig,
					Message: fmt.Sprintf("el encabezado tiene %d columnas; se admiten hasta %d", len(r.Cells)+r.More, g.limits.Columns)})
			}
			if !m.exact() {
				return g.headerProblems(&s, m, func(cells [][]byte) headerMatch { return matchHeader(c, names, cells) })
			}
			g.head, g.title = m.header, string(r.Raw)
			if count {
				g.total.Header, g.total.Blank = t.Header, t.Blank
				g.found.unlisted(t.Blank)
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
	for _, col := range c.Columns {
		if col.Title == nil {
			b.WriteString(c.Delimiter + col.Name)
		}
	}
	if c.Wide != nil {
		for _, m := range c.Wide.Months {
			b.WriteString(c.Delimiter + m)
		}
	}
	return strings.TrimPrefix(b.String(), c.Delimiter)
}

// headerProblems says what the record at hand is instead of the header: the
// header with mistakes, one under another delimiter, a title, or data.
func (g *Gate) headerProblems(s *split.Scanner, m headerMatch, match func([][]byte) headerMatch) error {
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
	if d := otherDelimiter(c, match, r.Raw); d != "" {
		return g.Refuse(data.Problem{Line: int(r.Line), Rule: data.RuleDelimiter,
			Message:  "el separador de columnas es " + d + " y el contrato pide «" + c.Delimiter + "»",
			Expected: c.Delimiter, Value: shown(r.Raw)})
	}
	first, value := r.Line, shown(r.Raw)
	for n := 0; n < lookAhead && s.Next(); n++ {
		later := match(s.Rec.Cells)
		if later.exact() || later.likely() {
			return g.Refuse(data.Problem{Line: int(first), Rule: data.RuleTitleLine, Value: value,
				Message: fmt.Sprintf("hay líneas de título que el contrato no declara; el encabezado está en la línea %d", s.Rec.Line),
				Hint:    "quite las líneas de título o pida que el contrato las declare"})
		}
	}
	p := data.Problem{Line: int(first), Rule: data.RuleNoHeader, Value: value,
		Message: "no se reconoce el encabezado", Expected: expectedHeader(c)}
	if g.brief {
		return g.Refuse(p)
	}
	if name, line := seenDelimiter(c, match, s.Block); name != "" {
		seen := "el archivo parece separado por " + name + " y el contrato pide «" + c.Delimiter + "»"
		if p.Hint = seen; line > 0 {
			p = data.Problem{Line: line, Rule: data.RuleDelimiter, Message: seen, Expected: c.Delimiter,
				Hint: "guarde el archivo con el separador del contrato; sobre el encabezado solo pueden ir los títulos que el contrato declara"}
		}
	}
	return g.Refuse(p)
}
