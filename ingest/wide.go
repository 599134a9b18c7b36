package ingest

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/gttim/cauce/data"
)

// published tells, for each year of a wide file, its last published month.
// Months after it are blank in every row, or zero in the publication's own year:
// agencies pad the months to come with either, and neither is a figure.
type published map[int64]int

// survey reads a wide file once before the gate does, because whether a blank
// month is a missing figure or a month to come hangs on every row of the file.
func (g *gate) survey(ctx context.Context, day time.Time) error {
	src, file, err := g.stream(ctx, nil)
	if err != nil {
		return err
	}
	defer file.Close()
	if err := g.findHeader(src, false); err != nil {
		return err
	}
	filled, nonzero := published{}, published{}
	newest := daysOf(day)
	dated := false
	p := newParser(g)
	for {
		ok, err := src.next(&p.sc.b)
		if err != nil {
			return fmt.Errorf("survey months: %w", err)
		}
		if !ok || p.sc.b.overlong {
			break
		}
		p.sc.reset()
		for p.sc.next() {
			r := &p.sc.rec
			if len(r.cells) != g.head.width {
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
	own := int64(dayTime(newest).Year())
	g.months = filled
	for year, last := range nonzero {
		if year >= own {
			g.months[year] = last
		}
	}
	for year := range filled {
		if _, ok := nonzero[year]; !ok && year >= own {
			g.months[year] = 0
		}
	}
	return nil
}

// number is the value of one field of the record when the rules accept it.
func (p *parser) number(r *record, field int) (int64, bool) {
	if field < 0 || p.g.head.at[field] < 0 {
		return 0, false
	}
	v := p.memos[field].judge(p.g.fields[field], r.cells[p.g.head.at[field]])
	return v.num, !v.bad && !v.null
}

// look notes the last month of the record that is filled, and that is not zero.
func (g *gate) look(r *record, year int64, filled, nonzero published) {
	for m := len(g.head.months) - 1; m >= 0; m-- {
		cell := r.cells[g.head.months[m]]
		if g.blank(cell) {
			continue
		}
		filled[year] = max(filled[year], m+1)
		if len(bytes.Trim(cell, "0.")) > 0 {
			nonzero[year] = max(nonzero[year], m+1)
			return
		}
	}
}

// blank tells whether a month's cell holds no figure.
func (g *gate) blank(cell []byte) bool {
	return len(bytes.TrimSpace(cell)) == 0 || slices.Contains(g.ds.Missing, string(cell))
}

// wideCells judges the published months of the record.
func (p *parser) wideCells(r *record) bool {
	g := p.g
	p.last = g.months[p.row[g.year].num]
	ok := true
	for m := range p.last {
		at := g.head.months[m]
		if g.blank(r.cells[at]) {
			f := *g.value
			f.Column = &data.Column{Name: g.ds.Wide.Months[m]}
			p.problem(r, at, &f, r.cells[at], &finding{data.RuleBlankMonth,
				"el mes está en blanco y otras filas del mismo año ya lo publican", "un número; 0 si no hubo casos", ""})
			ok = false
			continue
		}
		if !p.cell(r, at, g.value, p.months, &p.values[m]) {
			ok = false
		}
	}
	return ok
}
