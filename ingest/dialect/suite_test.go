package dialect

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
)

// readGrid reads a file whole.
func readGrid(tb testing.TB, content []byte, d Declared) (grid, Dialect) {
	tb.Helper()
	r, err := NewReader(bytes.NewReader(content), d, Limits{})
	if err != nil {
		tb.Fatal(err)
	}
	g := grid{header: r.Header()}
	for {
		rec, err := r.Read()
		if errors.Is(err, io.EOF) {
			return g, r.Dialect()
		}
		if err != nil {
			tb.Fatal(err)
		}
		g.rows = append(g.rows, slices.Clone(rec.Cells))
	}
}

// scores is one point for a file that was read, and three (precision, recall
// and their harmonic mean) for each of header, records and cells.
func scores(want, got grid) float64 {
	cells := func(rows [][]string) []string { return slices.Concat(rows...) }
	records := func(rows [][]string) []string {
		var out []string
		for _, r := range rows {
			out = append(out, strings.Join(r, "\x00"))
		}
		return out
	}
	return 1 + points(cells(want.header), cells(got.header)) + points(records(want.rows), records(got.rows)) + points(cells(want.rows), cells(got.rows))
}

func points(want, got []string) float64 {
	if len(want) == 0 && len(got) == 0 {
		return 3
	}
	count := map[string]int{}
	for _, w := range want {
		count[w]++
	}
	hits := 0.0
	for _, g := range got {
		if count[g] > 0 {
			count[g]--
			hits++
		}
	}
	if hits == 0 {
		return 0
	}
	precision, recall := hits/float64(len(got)), hits/float64(len(want))
	return precision + recall + 2*precision*recall/(precision+recall)
}

// The suite's mean score, from 0 to 10, with the dialect declared and detected.
func TestSuite_score(t *testing.T) {
	type mean struct {
		n                  int
		declared, detected float64
	}
	classes := map[string]*mean{"": {}}
	for _, p := range suite() {
		got, _ := readGrid(t, p.content, p.declared)
		declared := scores(p.want, got)
		found, d := readGrid(t, p.content, Declared{})
		detected := scores(p.want, found)
		if declared < 9.9 {
			t.Logf("declared %.2f %s %s", declared, p.class, p.name)
		}
		if detected < 9.9 {
			t.Logf("detected %.2f %s %s %+v", detected, p.class, p.name, d)
		}
		for _, class := range []string{"", p.class} {
			if classes[class] == nil {
				classes[class] = &mean{}
			}
			m := classes[class]
			m.n++
			m.declared += declared
			m.detected += detected
		}
	}
	var names []string
	for name := range classes {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		m := classes[name]
		t.Logf("%-28s %5d files  declared %.3f  detected %.3f", name, m.n, m.declared/float64(m.n), m.detected/float64(m.n))
	}
	all := classes[""]
	if s := all.declared / float64(all.n); s < 9.9 {
		t.Errorf("declared: mean score %.3f", s)
	}
	if s := all.detected / float64(all.n); s < 9.4 {
		t.Errorf("detected: mean score %.3f", s)
	}
}
