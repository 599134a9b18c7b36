package gate

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/gttim/cauce/data"
	"github.com/gttim/cauce/ingest/gate/cell"
	"github.com/gttim/cauce/ingest/gate/split"
	"github.com/gttim/cauce/ingest/gate/totals"
)

// maxTableRows is how many rows a table may have: what is known of them is kept.
const maxTableRows = 50_000

// maxDifferences is how many totals that do not hold are listed.
const maxDifferences = 1000

// figure is one column of figures of a table: what its cells are called and where
// they stand.
type figure struct {
	name  string
	at    int
	month int // -1 for a sum of months
}

// tableSurvey reads a table once before the gate does: which rows are totals and
// groups, which months are published, and whether the totals hold.
type tableSurvey struct {
	g       *Gate
	p       *Parser
	label   int
	figures []figure
	check   *totals.Checker
	texts   map[int64]*totalRow
	rows    int
	total   bool  // there was a row of the total
	held    *held // the row before, when the next one tells what it is
	spilled map[int]bool
}

// totalRow is what messages need of a row of totals.
type totalRow struct {
	label string
	cells []string
	at    []int
}

// held is a row whose kind the next row tells.
type held struct {
	totalRow
	row totals.Row
}

func (g *Gate) surveyTable(ctx context.Context, day time.Time) error {
	src, file, err := g.stream(ctx, nil)
	if err != nil {
		return err
	}
	defer file.Close()
	if err := g.findHeader(src, false); err != nil {
		return err
	}
	s := &tableSurvey{g: g, p: newParser(g), texts: map[int64]*totalRow{}, spilled: map[int]bool{}}
	s.layout()
	filled, nonzero := published{}, published{}
	year := g.table.values[g.year].Num
	newest, dated := cell.Days(day), false
	for {
		ok, err := src.Next(&s.p.sc.Block)
		if err != nil {
			return g.broken(err)
		}
		if !ok || s.p.sc.Block.Overlong {
			break
		}
		s.p.sc.Reset()
		for s.p.sc.Next() {
			r := &s.p.sc.Rec
			if g.sheet != nil {
				s.p.pad(r)
			}
			if r.Blank || r.Open || r.Quote >= 0 || len(r.Cells) != g.head.width || s.p.isFooter(r) {
				continue
			}
			if s.rows++; s.rows > maxTableRows {
				return g.Refuse(data.Problem{Line: int(r.Line), Rule: data.RuleTooBig,
					Message: fmt.Sprintf("la tabla tiene más de %d renglones", maxTableRows)})
			}
			if d, ok := s.p.number(r, g.dated); ok && (!dated || d > newest) {
				newest, dated = d, true
			}
			for _, f := range s.figures {
				if f.month >= 0 && !g.blank(r.Cells[f.at]) {
					filled[year] = max(filled[year], f.month+1)
					if !isZero(r.Cells[f.at]) {
						nonzero[year] = max(nonzero[year], f.month+1)
					}
				}
			}
			s.record(r)
		}
	}
	s.release(-1)
	g.publish(filled, nonzero, int64(cell.Day(newest).Year()))
	s.conclude()
	return nil
}

// layout lists the columns of figures that the file has and which sum which.
func (s *tableSurvey) layout() {
	g, h := s.g, s.g.ds.Hierarchy
	s.label = slices.IndexFunc(g.ds.Columns, func(c data.Column) bool { return c.Name == h.Label })
	place := map[int]int{} // of a column of the file among the figures
	add := func(name string, at, month int) {
		if at >= 0 {
			place[at] = len(s.figures)
			s.figures = append(s.figures, figure{name, at, month})
		}
	}
	parts := g.head.parts
	for i, at := range g.head.values {
		add(g.valueName(i), at, i/parts)
	}
	for m, at := range g.head.totals.Subtotals {
		if at >= 0 {
			add(g.ds.Wide.Months[m]+" "+h.Parts.Subtotal[0], at, m)
		}
	}
	for i, at := range g.head.totals.Sums {
		if at >= 0 {
			add(h.Sum[0]+" "+h.Parts.Columns[i].Headers[0], at, -1)
		}
	}
	if at := g.head.totals.Sum; at >= 0 {
		add(h.Sum[0], at, -1)
	}
	var relations []totals.Relation
	relate := func(total int, of func(i int) bool) {
		if total < 0 {
			return
		}
		rel := totals.Relation{Total: place[total]}
		for i, at := range g.head.values {
			if at >= 0 && of(i) {
				rel.Parts = append(rel.Parts, place[at])
			}
		}
		relations = append(relations, rel)
	}
	for m, at := range g.head.totals.Subtotals {
		relate(at, func(i int) bool { return i/parts == m })
	}
	for p, at := range g.head.totals.Sums {
		relate(at, func(i int) bool { return i%parts == p })
	}
	relate(g.head.totals.Sum, func(int) bool { return true })
	below := 0
	if h.Groups.After {
		below = len(h.Groups.Catalogs)
	}
	s.check = totals.New(len(s.figures), relations, below)
}

// record tells what a row is and hands its figures to the check.
func (s *tableSurvey) record(r *split.Record) {
	g, h := s.g, s.g.ds.Hierarchy
	for _, at := range g.head.totals.Blank {
		if len(bytes.TrimSpace(r.Cells[at])) > 0 && !s.spilled[at] {
			s.spilled[at] = true
			g.table.notes = append(g.table.notes, data.Problem{Line: int(r.Line), Column: s.p.position(r, at), Value: shown(r.Cells[at]),
				Rule: data.RuleExtraColumn, Severity: data.Refuse, Message: "la columna no tiene encabezado y aquí tiene un valor",
				Hint: "escriba su encabezado o borre la celda"})
		}
	}
	if !slices.ContainsFunc(r.Cells, func(c []byte) bool { return len(bytes.TrimSpace(c)) > 0 }) {
		g.table.skip[r.Line] = true // a separator
		return
	}
	text := string(r.Cells[g.head.at[s.label]])
	row := totals.Row{Line: r.Line, Level: totals.Innermost, Cells: make([]totals.Cell, len(s.figures))}
	for i, f := range s.figures {
		row.Cells[i] = s.cell(r.Cells[f.at])
	}
	is := totalRow{label: text}
	for _, f := range s.figures {
		is.at = append(is.at, s.p.position(r, f.at))
		is.cells = append(is.cells, shown(r.Cells[f.at]))
	}
	switch {
	case slices.ContainsFunc(h.Total, func(name string) bool { return data.Fold(name) == data.Fold(text) }):
		s.release(-1)
		row.Kind, s.total = totals.Total, true
		s.add(row, is)
	case h.Groups.Indent:
		depth := indent(text)
		s.release(depth)
		row.Level = depth
		s.held = &held{is, row}
	default:
		if level := s.level(text); level >= 0 {
			row.Kind, row.Level = totals.Group, level
		} else if s.apart(r.Cells[g.head.at[s.label]]) {
			row.Level = totals.Outside
		}
		s.add(row, is)
	}
}

// cell reads one figure as the gate will.
func (s *tableSurvey) cell(raw []byte) totals.Cell {
	if s.g.blank(raw) {
		return totals.Cell{}
	}
	if x := s.p.months.Read(s.g.value, raw); !x.Bad && !x.Null {
		return totals.Cell{State: totals.Number, N: x.Num}
	}
	return totals.Cell{State: totals.Unreadable}
}

// release adds the row that was held: a group when the next one is set in deeper.
func (s *tableSurvey) release(depth int) {
	if s.held == nil {
		return
	}
	x := s.held
	s.held = nil
	if depth > x.row.Level {
		x.row.Kind = totals.Group
	}
	s.add(x.row, x.totalRow)
}

func (s *tableSurvey) add(row totals.Row, is totalRow) {
	before := s.check.Found()
	s.check.Add(row)
	if row.Kind != totals.Member || s.check.Found() > before {
		s.texts[row.Line] = &is
	}
	if row.Kind != totals.Member {
		s.g.table.skip[row.Line] = true
	}
}

// level is the level of the group that a label names, -1 for none.
func (s *tableSurvey) level(label string) int {
	for i, t := range s.g.table.levels {
		if _, ok := t.Code(label); ok {
			return i
		}
	}
	return -1
}

// apart tells whether a label names a member that belongs to no group.
func (s *tableSurvey) apart(label []byte) bool {
	v := s.p.memos[s.label].Judge(s.g.fields[s.label], label)
	return !v.Null && !v.Bad && slices.Contains(s.g.ds.Hierarchy.Groups.Apart, s.g.canonical(s.label, v))
}

// indent is how far a label is set in, in characters.
func indent(label string) int {
	n := 0
	for len(label) > 0 {
		r, size := utf8.DecodeRuneInString(label)
		if !unicode.IsSpace(r) {
			break
		}
		n++
		label = label[size:]
	}
	return n
}

// conclude notes the totals that do not hold, and what follows from each.
func (s *tableSurvey) conclude() {
	t, h := s.g.table, s.g.ds.Hierarchy
	found := s.check.Finish()
	for n, d := range found {
		if n == maxDifferences {
			t.notes = append(t.notes, data.Problem{Rule: data.RuleTotalRow, Severity: s.severity(),
				Message: fmt.Sprintf("y %d totales más que no son la suma de sus partes", len(found)-n)})
		}
		p := s.problem(&d)
		parts := s.check.Parts(d)
		if h.OnDifference == data.Quarantine {
			s.doubt(&d, &p, parts)
		}
		if n < maxDifferences && (h.OnDifference != data.Quarantine || !d.Across || len(parts) == 0) {
			t.notes = append(t.notes, p)
		}
	}
	if len(h.Total) > 0 && !s.total && !t.partial {
		t.notes = append(t.notes, data.Problem{Rule: data.RuleNoTotalRow, Severity: data.Refuse, Message: "falta el renglón del total",
			Expected: h.Total[0]})
	}
}

// severity is that of a total's own problem. Its row is no record of the data, so
// that it is not the one to go into quarantine.
func (s *tableSurvey) severity() data.Severity {
	if s.g.ds.Hierarchy.OnDifference == data.Refuse {
		return data.Refuse
	}
	return data.Warn
}

func (s *tableSurvey) problem(d *totals.Difference) data.Problem {
	is := s.texts[d.Line]
	p := data.Problem{Line: int(d.Line), Column: is.at[d.Cell], Field: s.figures[d.Cell].name, Value: is.cells[d.Cell],
		Rule: data.RuleTotalRow, Severity: s.severity(), Expected: strconv.FormatInt(d.Sum, 10)}
	says := "dice " + grouped(d.Declared.N)
	switch d.Declared.State {
	case totals.Blank:
		says = "está en blanco"
	case totals.Unreadable:
		says = "no dice un número"
	}
	label := shown([]byte(strings.TrimSpace(is.label)))
	if d.Across {
		p.Rule = data.RuleTotalColumn
		p.Message = fmt.Sprintf("«%s» %s y las columnas que abarca suman %s", label, says, grouped(d.Sum))
		return p
	}
	p.Message = fmt.Sprintf("«%s» %s y los renglones que abarca (%d) suman %s", label, says, d.Rows, grouped(d.Sum))
	if d.Unreadable > 0 {
		p.Message += fmt.Sprintf(", sin %d que no se pueden leer", d.Unreadable)
	}
	return p
}

// doubt sets the parts of a total aside: each is told, at its own cell, the first
// total of rows that the cell is part of, and each of its own columns of totals.
func (s *tableSurvey) doubt(d *totals.Difference, p *data.Problem, lines []int64) {
	t := s.g.table
	x := doubt{at: s.figures[d.Cell].at, name: p.Field, finding: cell.Finding{Rule: p.Rule, Message: p.Message, Expected: p.Expected}}
	if !d.Across {
		x.finding = cell.Finding{Rule: data.RulePartOfTotal, Message: fmt.Sprintf("es parte del total de la línea %d: %s", d.Line, p.Message)}
	}
	for _, line := range lines {
		if !slices.ContainsFunc(t.doubted[line], func(o doubt) bool { return o.at == x.at && o.finding.Rule == x.finding.Rule }) {
			t.doubted[line] = append(t.doubted[line], x)
		}
	}
}
