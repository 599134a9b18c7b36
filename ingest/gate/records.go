package gate

import (
	"bytes"
	"context"
	"fmt"
	"io"

	"github.com/gttim/cauce/data"
	"github.com/gttim/cauce/ingest/gate/cell"
	"github.com/gttim/cauce/ingest/gate/split"
)

// Header is the header as delivered, as text; of a workbook, as a CSV of it.
func (g *Gate) Header() string { return g.title }

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

// Fields gives a record's cells by the contract's columns, as delivered; false
// when the record is not as wide as the header. raw is one record without its
// line end.
func (g *Gate) Fields(raw string) (map[string]string, bool) {
	r, ok := split.Line([]byte(raw), g.ds.Delimiter[0])
	if !ok || r.Open || r.Quote >= 0 {
		return nil, false
	}
	return g.named(&r)
}

func (g *Gate) named(r *split.Record) (map[string]string, bool) {
	for g.sheet != nil && len(r.Cells) < g.head.width {
		r.Cells = append(r.Cells, nil)
	}
	if len(r.Cells) != g.head.width {
		return nil, false
	}
	out := map[string]string{}
	for i, at := range g.head.at {
		if at >= 0 {
			out[g.ds.Columns[i].Name] = string(r.Cells[at])
		} else if g.table != nil && g.ds.Columns[i].Title != nil {
			out[g.ds.Columns[i].Name] = g.table.titles[i].text
		}
	}
	for i, at := range g.head.values {
		if at >= 0 {
			out[g.monthly[i].Name] = string(r.Cells[at])
		}
	}
	return out, true
}

// Each reads the file again and calls fn with every whole record: the line it
// starts on and its cells by the contract's columns.
func (g *Gate) Each(ctx context.Context, fn func(line int64, cells map[string]string)) error {
	src, file, err := g.stream(ctx, nil)
	if err != nil {
		return err
	}
	defer file.Close()
	if err := g.findHeader(src, false); err != nil {
		return err
	}
	sc := split.NewScanner(g.ds.Delimiter[0])
	for {
		ok, err := src.Next(&sc.Block)
		if err != nil {
			return fmt.Errorf("read archived file again: %w", err)
		}
		if !ok || sc.Block.Overlong {
			return nil
		}
		sc.Reset()
		for sc.Next() {
			r := &sc.Rec
			if r.Blank || r.Open || r.Quote >= 0 || g.table.skips(r.Line) {
				continue
			}
			if cells, ok := g.named(r); ok {
				fn(r.Line, cells)
			}
		}
	}
}

// read is where a field's cell is and what reads it.
type read struct {
	at    int
	field *cell.Field
	memo  *cell.Memo
	plain bool // it may be told without memory
}

// cells judges every cell of the record into p.row; false when one is bad.
func (p *Parser) cells(r *split.Record) bool {
	ok := true
	if p.reads == nil {
		for i, f := range p.g.fields {
			p.reads = append(p.reads, read{p.g.head.at[i], f, p.memos[i], f.Plain()})
		}
	}
	row := p.row[:len(p.reads)]
	for i := range p.reads {
		c := &p.reads[i]
		if c.at < 0 { // an optional column that the file does not have, or one of its titles
			row[i] = p.g.table.titled(i, &p.absent)
			continue
		}
		var x *cell.Value
		if c.plain {
			x = c.memo.Read(c.field, r.Cells[c.at])
		} else {
			x = c.memo.Judge(c.field, r.Cells[c.at])
		}
		row[i] = x
		if x.Noted && !p.listed(r, c.at, c.field, x) {
			ok = false
		}
	}
	if i := p.g.period.offence(p.row); i >= 0 && p.g.head.at[i] >= 0 {
		at := p.g.head.at[i]
		p.problem(r, at, p.g.fields[i], r.Cells[at], p.g.period.finding())
		ok = false
	}
	if p.g.value != nil && ok {
		ok = p.wideCells(r)
	}
	return ok
}

// listed notes what is wrong with a value; false when it sets the row aside.
func (p *Parser) listed(r *split.Record, at int, f *cell.Field, x *cell.Value) bool {
	found := x.Findings()
	for i := range found {
		p.problem(r, at, f, r.Cells[at], &found[i])
	}
	return !x.Bad
}
