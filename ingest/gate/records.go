package gate

import (
	"bytes"
	"context"
	"fmt"
	"io"

	"github.com/gttim/cauce/data"
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
