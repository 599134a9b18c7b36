package gate

import (
	"bytes"
	"context"
	"slices"
	"time"

	"github.com/gttim/cauce/data"
	"github.com/gttim/cauce/ingest/gate/cell"
	"github.com/gttim/cauce/ingest/gate/split"
)

// published tells, for each year of a wide file, its last published month.
// Months after it are blank in every row, or zero in the publication's own year:
// agencies pad the months to come with either, and neither is a figure.
type published map[int64]int

// survey reads a wide file once before the gate does, because whether a blank
// month is a missing figure or a month to come hangs on every row of the file.
func (g *Gate) survey(ctx context.Context, day time.Time) error {
	if g.ds.Hierarchy != nil {
		return g.surveyTable(ctx, day)
	}
	src, file, err := g.stream(ctx, nil)
	if err != nil {
		return err
	}
	defer file.Close()
	if err := g.findHeader(src, false); err != nil {
		return err
	}
	filled, nonzero := published{}, published{}
	newest := cell.Days(day)
	dated := false
	p := newParser(g)
	for {
		ok, err := src.Next(&p.sc.Block)
		if err != nil {
			return g.broken(err)
		}
		if !ok || p.sc.Block.Overlong {
			break
		}
		p.sc.Reset()
		for p.sc.Next() {
			r := &p.sc.Rec
			if g.sheet != nil {
				p.pad(r)
			}
			if len(r.Cells) != g.head.width {
				continue
			}
			if d, ok := p.number(r, g.dated); ok && (!dated || d > newest) {
				newest, dated = d, true
			}
			if year, ok := p.number(r, g.year); ok {
				g.look(r, year, filled, nonzero)
			}
		}
	}
	g.publish(filled, nonzero, int64(cell.Day(newest).Year()))
	return nil
}

// publish decides from the last month of each year that is filled, and that is
// not zero somewhere, what a publication of the year own says.
func (g *Gate) publish(filled, nonzero published, own int64) {
	g.months = filled
	for year := range filled {
		if year >= own {
			g.months[year] = nonzero[year]
		}
	}
}

// number is the value of one field of the record when the rules accept it.
func (p *Parser) number(r *split.Record, field int) (int64, bool) {
	if field < 0 || p.g.head.at[field] < 0 {
		return 0, false
	}
	v := p.memos[field].Judge(p.g.fields[field], r.Cells[p.g.head.at[field]])
	return v.Num, !v.Bad && !v.Null
}

// look notes the last month of the record that is filled, and that is not zero.
func (g *Gate) look(r *split.Record, year int64, filled, nonzero published) {
	for m := len(g.head.values) - 1; m >= 0; m-- {
		cell := r.Cells[g.head.values[m]]
		if g.blank(cell) {
			continue
		}
		filled[year] = max(filled[year], m+1)
		if !isZero(cell) {
			nonzero[year] = max(nonzero[year], m+1)
			return
		}
	}
}

func isZero(cell []byte) bool { return len(bytes.Trim(cell, "0.")) == 0 }

// blank tells whether a month's cell holds no figure.
func (g *Gate) blank(cell []byte) bool {
	return len(bytes.TrimSpace(cell)) == 0 || slices.Contains(g.ds.Missing, string(cell))
}

// wideCells judges the published months of the record.
func (p *Parser) wideCells(r *split.Record) bool {
	g := p.g
	p.last = g.months[p.row[g.year].Num]
	ok := true
	for i := range p.last * g.head.parts {
		m, at := i/g.head.parts, g.head.values[i]
		if g.blank(r.Cells[at]) {
			p.problem(r, at, g.monthly[i], r.Cells[at], &cell.Finding{Rule: data.RuleBlankMonth,
				Message: "el mes está en blanco y otras filas del mismo año ya lo publican", Expected: "un número; 0 si no hubo casos"})
			ok = false
			continue
		}
		p.values[i] = *p.months.Read(g.monthly[i], r.Cells[at])
		if x := &p.values[i]; x.Noted && !p.listed(r, at, g.monthly[i], x) {
			ok = false
		} else if g.period.tooLate(p.row[g.year].Num, m) {
			p.problem(r, at, g.monthly[i], r.Cells[at], g.period.finding())
			ok = false
		}
	}
	return ok
}
