package gate

import (
	"bytes"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/gttim/cauce/data"
	"github.com/gttim/cauce/ingest/gate/cell"
	"github.com/gttim/cauce/ingest/gate/split"
	"github.com/gttim/cauce/ingest/gate/tablehead"
)

// table is what the gate knows of a file of a hierarchical contract. Parsers only
// read it: it is filled before they start.
type table struct {
	names   tablehead.Names
	partial bool
	titles  []title           // by column of the contract
	values  []*cell.Value     // what they say, nil for columns of the file
	skip    map[int64]bool    // lines of totals, of groups, and without any value
	doubted map[int64][]doubt // rows that are part of a total that does not hold
	notes   []data.Problem    // told when the file has been read
	levels  []*data.Table     // catalogues of groups, outermost first
}

// doubt is why a row is set aside though nothing in it is wrong by itself.
type doubt struct {
	at      int // place in the row
	name    string
	finding cell.Finding
}

func newTable(ds *data.Dataset, reference map[string]*data.Table, partial bool) *table {
	t := &table{names: tablehead.New(&ds.Contract), partial: partial, titles: make([]title, len(ds.Columns)),
		values: make([]*cell.Value, len(ds.Columns)), skip: map[int64]bool{}, doubted: map[int64][]doubt{}}
	for _, id := range ds.Hierarchy.Groups.Catalogs {
		t.levels = append(t.levels, reference[id])
	}
	for i := range ds.Columns {
		if x := ds.Columns[i].Title; x != nil {
			t.titles[i].re = regexp.MustCompile(`\A(?:` + x.Pattern + `)\z`)
		}
	}
	return t
}

// skips tells whether the contract declares the record at a line as skipped.
func (t *table) skips(line int64) bool { return t != nil && t.skip[line] }

// titled is the value that the titles give a column; none where it is not there.
func (t *table) titled(column int, none *cell.Value) *cell.Value {
	if t == nil || t.values[column] == nil {
		return none
	}
	return t.values[column]
}

// readTitles judges what the lines above the header say.
func (g *Gate) readTitles() error {
	row := make([]*cell.Value, len(g.fields))
	for i, f := range g.fields {
		row[i] = &cell.Value{Null: true}
		x := &g.table.titles[i]
		if x.re == nil {
			continue
		}
		p := data.Problem{Line: int(x.line), Field: f.Name, Rule: data.RuleTitleValue, Value: x.text, Expected: f.Title.Example}
		switch {
		case x.line == 0:
			p.Line, p.Message = 1, "ningún título dice «"+f.Name+"»"
		case x.others != "":
			p.Message = fmt.Sprintf("un título dice %s y otro %s", x.text, x.others)
		default:
			v := *cell.NewMemo().Read(f, []byte(x.text))
			row[i], g.table.values[i] = &v, &v
			if !v.Bad {
				continue
			}
			p.Message = v.Findings()[0].Message
		}
		if err := g.Refuse(p); err != nil {
			return err
		}
	}
	if i := g.period.offence(row); i >= 0 && g.table.titles[i].re != nil {
		f := g.period.finding()
		return g.Refuse(data.Problem{Line: int(g.table.titles[i].line), Field: g.fields[i].Name, Value: g.table.titles[i].text,
			Rule: f.Rule, Message: f.Message, Expected: f.Expected})
	}
	return nil
}

// valueName names the cell of a month, or of a part of it, for problems.
func (g *Gate) valueName(i int) string {
	m := g.ds.Wide.Months[i/g.head.parts]
	if !g.head.parted {
		return m
	}
	return m + " " + g.ds.Hierarchy.Parts.Columns[i%g.head.parts].Headers[0]
}

// part is the code of a cell's part; false where the file does not tell parts.
func (g *Gate) part(i int) (string, bool) {
	if !g.head.parted {
		return "", false
	}
	return g.ds.Hierarchy.Parts.Columns[i%g.head.parts].Code, true
}

// trusted tells whether every total that the record is part of holds, where the
// contract asks for that.
func (p *Parser) trusted(r *split.Record) bool {
	if p.g.table == nil {
		return true
	}
	doubts := p.g.table.doubted[r.Line]
	for i := range doubts {
		d := &doubts[i]
		listed := len(p.found.problems)
		p.problem(r, d.at, nil, r.Cells[d.at], &d.finding)
		if len(p.found.problems) > listed {
			p.found.problems[listed].Field = d.name
		}
	}
	return len(doubts) == 0
}

// tell notes what was found in the table as a whole.
func (t *table) tell(g *Gate) error {
	for i := range t.notes {
		t.notes[i].File = g.name
	}
	return g.found.note(t.notes...)
}

// grouped writes a number as messages do: 1,234,698.
func grouped(n int64) string {
	s := strconv.FormatInt(n, 10)
	sign := ""
	if n < 0 {
		sign, s = "-", s[1:]
	}
	for at := len(s) - 3; at > 0; at -= 3 {
		s = s[:at] + "," + s[at:]
	}
	return sign + s
}

// title is what the lines above the header say of one column.
type title struct {
	re     *regexp.Regexp // nil for a column of the file
	text   string
	line   int64
	others string // said by another line
}

// take reads a line above the header; false when it says nothing that is asked.
func (t *table) take(text string, line int64) bool {
	took := false
	for i := range t.titles {
		x := &t.titles[i]
		if x.re == nil {
			continue
		}
		found := x.re.FindStringSubmatch(text)
		if found == nil {
			continue
		}
		took = true
		switch {
		case x.line == 0:
			x.text, x.line = found[1], line
		case x.text != found[1]:
			x.others = found[1]
		}
	}
	return took
}

// findTable is findHeader for a table: its header may have two rows, and the lines
// above it carry values.
func (g *Gate) findTable(src *split.Blocks, count bool) error {
	c := &g.ds.Contract
	names, titles := &g.table.names, newTitleLines(c)
	s := split.NewScanner(c.Delimiter[0])
	var t Tally
	var raw []string
	take := func() { // the record at hand belongs to the head
		t.Header += int64(s.Rec.Lines)
		raw = append(raw, string(s.Rec.Raw))
	}
	for {
		ok, err := g.nextRecord(src, &s)
		if err != nil || g.Refused() {
			return err
		}
		if !ok {
			return g.Refuse(data.Problem{Line: 1, Rule: data.RuleNoHeader, Message: "no se encontró el encabezado", Expected: expectedHeader(c)})
		}
		if s.Rec.Blank {
			t.Blank += int64(s.Rec.Lines)
			if count {
				if err := g.found.note(blankLine(g.name, s.Rec.Line)); err != nil {
					return err
				}
			}
			continue
		}
		r := &s.Rec
		m := firstRow(names, r.Cells)
		if text := titleText(r, c.Delimiter[0]); !m.exact() && (g.table.take(text, r.Line) || titles.take(text)) {
			take()
			continue
		}
		if len(r.Cells) > g.limits.Columns {
			return g.Refuse(data.Problem{Line: int(r.Line), Rule: data.RuleTooBig,
				Message: fmt.Sprintf("el encabezado tiene %d columnas; se admiten hasta %d", len(r.Cells), g.limits.Columns)})
		}
		if !m.exact() && !m.likely() {
			return g.headerProblems(&s, m, func(cells [][]byte) headerMatch { return firstRow(names, cells) })
		}
		take()
		first, seq := kept(r), s.Block.Seq
		rest, line := s.Rest()
		m, shown := fromTable(names.Match(first.Cells, nil)), first
		if c.Hierarchy.Parts != nil {
			ok, err := g.nextRecord(src, &s)
			if err != nil || g.Refused() {
				return err
			}
			if s.Block.Seq != seq { // the row came with the next block
				rest, line = s.Block.Data, s.Block.Line
			}
			if ok && !s.Rec.Blank && names.Second(first.Cells, s.Rec.Cells) {
				take()
				rest, line = s.Rest()
				m, shown = fromTable(names.Match(first.Cells, s.Rec.Cells)), stacked(first, &s.Rec)
			}
		}
		if !m.exact() {
			for _, p := range m.mistakes(c, shown) {
				if err := g.Refuse(p); err != nil {
					return err
				}
			}
			return nil
		}
		g.head, g.title = m.header, strings.Join(raw, "\r\n")
		if count {
			g.total.Header, g.total.Blank = t.Header, t.Blank
		}
		src.Unread(rest, line)
		return nil
	}
}

// nextRecord moves to the next record, of the next block where need be; false at
// the end of the file.
func (g *Gate) nextRecord(src *split.Blocks, s *split.Scanner) (bool, error) {
	for !s.Next() {
		ok, err := src.Next(&s.Block)
		if err != nil {
			return false, g.broken(err)
		}
		if !ok {
			return false, nil
		}
		if s.Block.Overlong {
			return false, g.Refuse(data.Problem{Line: int(s.Block.Line), Rule: data.RuleTooBig,
				Message: fmt.Sprintf("un registro rebasa %d bytes; probablemente una comilla no se cierra", g.limits.RecordBytes)})
		}
		s.Reset()
	}
	return true, nil
}

// kept is a record that holds when the next one is read.
func kept(r *split.Record) *split.Record {
	k := *r
	k.Raw, k.Starts, k.Cells = bytes.Clone(r.Raw), make([]int, len(r.Cells)), make([][]byte, len(r.Cells))
	for i, c := range r.Cells {
		k.Starts[i], k.Cells[i] = r.Start(i), bytes.Clone(c)
	}
	return &k
}

// stacked is the lower row of a header with, in each cell, what stands above it:
// what messages about it show.
func stacked(upper, lower *split.Record) *split.Record {
	k := kept(lower)
	above := []byte(nil)
	for i := range max(len(upper.Cells), len(lower.Cells)) {
		if !tablehead.Blank(upper.Cells, i) {
			above = upper.Cells[i]
		}
		if i == len(k.Cells) {
			k.Cells = append(k.Cells, nil)
		}
		k.Cells[i] = bytes.TrimSpace(bytes.Join([][]byte{above, k.Cells[i]}, []byte(" ")))
	}
	return k
}

// firstRow judges a row as the header, or as the upper of its two rows.
func firstRow(names *tablehead.Names, cells [][]byte) headerMatch {
	m := fromTable(names.First(cells))
	m.needed = 6 // the label and some months
	return m
}

func fromTable(m tablehead.Match) headerMatch {
	return headerMatch{header: header{width: m.Width, at: m.At, values: m.Values, parts: m.Parts, parted: m.Parted, totals: m.Totals},
		known: m.Known, missing: m.Missing, extra: m.Extra, repeated: m.Repeated}
}
