package gate

import (
	"context"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/gttim/cauce/data"
	"github.com/gttim/cauce/ingest/gate/cell"
	"github.com/gttim/cauce/ingest/gate/split"
)

// gated is what the gate made of a file.
type gated struct {
	*Gate
	rows [][]string // line and values as text, in no particular order
}

// passGate runs a file through the gate alone.
func passGate(tb testing.TB, decls *data.Declarations, dataset, content string) gated {
	tb.Helper()
	return passGateWith(tb, decls, dataset, content, Limits{}, time.Date(2025, 6, 3, 0, 0, 0, 0, time.UTC))
}

func passGateWith(tb testing.TB, decls *data.Declarations, dataset, content string, limits Limits, day time.Time) gated {
	tb.Helper()
	return passGateInput(tb, Input{Dataset: decls.Dataset(dataset), Reference: decls.Reference, Limits: limits, Day: day}, content)
}

func passGateInput(tb testing.TB, in Input, content string) gated {
	tb.Helper()
	p := split.NewProfile()
	for b := []byte(content); len(b) > 0; b = b[min(len(b), 1000):] {
		p.Add(b[:min(len(b), 1000)])
	}
	p.Finish()
	in.Name, in.Profile, in.Temp = "f.csv", *p, tb.TempDir()
	in.Open = func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(content)), nil }
	g, err := Open(context.Background(), in)
	if err != nil {
		tb.Fatal(err)
	}
	out := gated{Gate: g}
	rows := make(chan []string)
	done := make(chan struct{})
	go func() {
		for r := range rows {
			out.rows = append(out.rows, r)
		}
		close(done)
	}()
	if err := g.Run(2, func(b *Batch) error {
		for n := range b.N {
			r := []string{fmt.Sprint(b.Lines[n])}
			for i := range b.Columns {
				r = append(r, cellText(&b.Columns[i], n))
			}
			rows <- r
		}
		return nil
	}); err != nil {
		tb.Fatal(err)
	}
	close(rows)
	<-done
	if err := g.Finish(context.Background()); err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { g.Close() })
	out.holds(tb)
	return out
}

func cellText(v *Vector, n int) string {
	switch {
	case v.Null[n]:
		return "NULL"
	case v.Kind == cell.Decimal:
		return fmt.Sprint(v.Decs[n])
	case v.Kind == cell.Text:
		return string(v.Text(n))
	case v.Kind == cell.Date:
		return cell.Day(v.Nums[n]).Format(time.DateOnly)
	}
	return fmt.Sprint(v.Nums[n])
}

// holds checks the two identities and that the lists agree with the counts.
func (g gated) holds(tb testing.TB) {
	tb.Helper()
	t := g.total
	if t.Records != t.Accepted+t.Quarantined+t.Skipped {
		tb.Errorf("records %d != accepted %d + quarantined %d + skipped %d", t.Records, t.Accepted, t.Quarantined, t.Skipped)
	}
	if t.Physical != t.Header+t.Blank+t.SkippedLines+t.RecordLines {
		tb.Errorf("physical %d != header %d + blank %d + skipped %d + record lines %d", t.Physical, t.Header, t.Blank, t.SkippedLines, t.RecordLines)
	}
	if int64(g.found.quarantine.Len()) != t.Quarantined && !g.found.full.Load() {
		tb.Errorf("%d rows listed in quarantine, %d counted", g.found.quarantine.Len(), t.Quarantined)
	}
	for _, v := range []int64{t.Physical, t.Header, t.Blank, t.SkippedLines, t.RecordLines, t.Records, t.Accepted, t.Quarantined, t.Skipped, t.Rows} {
		if v < 0 {
			tb.Errorf("negative count in %+v", t)
		}
	}
}

func (g gated) problems(tb testing.TB) []data.Problem {
	tb.Helper()
	var out []data.Problem
	if err := g.found.problems.Each(func(b []data.Problem) error { out = append(out, b...); return nil }); err != nil {
		tb.Fatal(err)
	}
	return out
}

// passGateQuiet runs the gate and looks at nothing it lets pass.
func passGateQuiet(tb testing.TB, decls *data.Declarations, dataset, content string) *Gate {
	tb.Helper()
	p := split.NewProfile()
	p.Add([]byte(content))
	p.Finish()
	g, err := Open(context.Background(), Input{Dataset: decls.Dataset(dataset), Reference: decls.Reference, Name: "f.csv", Profile: *p,
		Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(content)), nil }, Temp: tb.TempDir()})
	if err != nil {
		tb.Fatal(err)
	}
	defer g.Close()
	if err := g.Run(2, nil); err != nil {
		tb.Fatal(err)
	}
	if err := g.Finish(context.Background()); err != nil {
		tb.Fatal(err)
	}
	return g
}
