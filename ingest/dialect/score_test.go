package dialect

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// The best published scores of a reader, to be exceeded. Source: Vitagliano et
// al., Pollock: A Data Loading Benchmark, PVLDB 16(8), 2023, its repository
// HPI-Information-Systems/Pollock, and what others published by its rules.
const (
	bestDeclared = 9.961 // the polluted files, with the dialect declared
	bestDetected = 9.075 // the same, with the dialect detected
	bestSurvey   = 9.015 // the sample of files found on the web
)

// points is the benchmark's simple score of one file, from 0 to 10, by the
// definition of its paper (section 5) and of the measures in its repository:
// one point for a file that was read to its end, and precision, recall and
// their harmonic mean (F1) of header, records and cells, each a multiset. The
// header is the first row, with the names of several header rows joined column
// by column; in a file without a header it is the first record. A record is
// the rest of the rows, each as the text of its cells one after the other. The
// cells are those of all rows. What a file truly holds decides what counts:
// nothing to find is found. The benchmark counts cells alike that are the same
// number or date in another form; here they must be the same text.
func points(want, got [][]string) float64 {
	if len(want) == 0 {
		return 10
	}
	joined := func(rows [][]string) []string {
		var out []string
		for _, r := range rows[min(1, len(rows)):] {
			out = append(out, strings.Join(r, ""))
		}
		return out
	}
	var first []string
	if len(got) > 0 {
		first = got[0]
	}
	return 1 + overlap(want[0], first) + overlap(joined(want), joined(got)) + overlap(slices.Concat(want...), slices.Concat(got...))
}

// overlap is the sum of precision, recall and F1 of two multisets, 0 to 3.
func overlap(want, got []string) float64 {
	if len(want) == 0 {
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

func TestPoints(t *testing.T) {
	table := [][]string{{"a", "b"}, {"1", "2"}, {"3", "4"}}
	for name, c := range map[string]struct {
		want, got [][]string
		points    float64
	}{
		"all":                 {table, table, 10},
		"nothing":             {table, nil, 1},
		"nothing to find":     {nil, table, 10},
		"an empty cell more":  {table[:2], [][]string{{"a", "b"}, {"1", "", "2"}}, 1 + 3 + 3 + (4./5 + 1 + 2*.8/1.8)},
		"one of two records":  {table, table[:2], 1 + 3 + (1 + .5 + 2*.5/1.5) + (1 + 4./6 + 2*(4./6)/(1+4./6))},
		"header as a record":  {table[:1], [][]string{{"x"}, {"a", "b"}}, 1 + 0 + 3 + (2./3 + 1 + 2*(2./3)/(1+2./3))},
		"a record read twice": {table[:2], [][]string{{"a", "b"}, {"1", "2"}, {"1", "2"}}, 1 + 3 + (.5 + 1 + 2*.5/1.5) + (4./6 + 1 + 2*(4./6)/(1+4./6))},
	} {
		if got := points(c.want, c.got); got < c.points-1e-9 || got > c.points+1e-9 {
			t.Errorf("%s: %.3f points, want %.3f", name, got, c.points)
		}
	}
}

// table is what the benchmark compares: one row of names, then the records.
func (g grid) table() [][]string {
	if len(g.header) == 0 {
		return g.rows
	}
	names := make([]string, len(g.header[0]))
	for c := range names {
		var words []string
		for _, row := range g.header {
			if c < len(row) && row[c] != "" {
				words = append(words, row[c])
			}
		}
		names[c] = strings.Join(words, " ")
	}
	return slices.Concat([][]string{names}, g.rows)
}

// readGrid reads a file whole; header has the rows of the header as written.
func readGrid(tb testing.TB, content []byte, d Declared) (grid, Dialect) {
	tb.Helper()
	r := newReader(tb, content, d)
	return grid{header: r.Header(), rows: records(tb, r)}, r.Dialect()
}

// readTable reads a file whole; the first row has one name per column.
func readTable(tb testing.TB, content []byte, d Declared) ([][]string, Dialect) {
	tb.Helper()
	r := newReader(tb, content, d)
	var top [][]string
	if names := r.Names(); len(names) > 0 {
		top = [][]string{slices.Clone(names)}
	}
	return append(top, records(tb, r)...), r.Dialect()
}

func newReader(tb testing.TB, content []byte, d Declared) *Reader {
	tb.Helper()
	r, err := NewReader(bytes.NewReader(content), d, Limits{})
	if err != nil {
		tb.Fatal(err)
	}
	return r
}

func records(tb testing.TB, r *Reader) [][]string {
	tb.Helper()
	var out [][]string
	for {
		rec, err := r.Read()
		if errors.Is(err, io.EOF) {
			return out
		}
		if err != nil {
			tb.Fatal(err)
		}
		out = append(out, slices.Clone(rec.Cells))
	}
}

// catalogue is a set of files with what they truly hold, and the scores that a
// reader must exceed on it.
type catalogue struct {
	name               string
	files              []polluted
	counts             map[string]int // how often a kind counts in the mean, where it is not its files
	declared, detected float64
}

// The simple scores by kind of file, with the dialect declared and detected;
// -v prints them.
func TestCatalogues_score(t *testing.T) {
	for _, c := range []catalogue{
		{"as the benchmark counts them", benchmarkFiles(7), benchmarkCounts(), bestDeclared, bestDetected},
		{"other tables", suite(), nil, bestDeclared, bestDetected},
		{"as found on the web", surveyFiles(), nil, bestSurvey, bestSurvey},
	} {
		t.Run(strings.ReplaceAll(c.name, " ", "_"), func(t *testing.T) { c.hold(t) })
	}
}

// mean is the mean score of the files of one kind.
type mean struct {
	n                          int
	declared, detected, lowest float64
	which                      string // the file of the lowest score
}

func (m *mean) add(declared, detected float64, which string) {
	if m.n == 0 || detected < m.lowest {
		m.lowest, m.which = detected, which
	}
	m.n++
	m.declared += (declared - m.declared) / float64(m.n)
	m.detected += (detected - m.detected) / float64(m.n)
}

func (c catalogue) hold(t *testing.T) {
	kinds := map[string]*mean{}
	var order []string
	for i, s := range scored(t, c.files) {
		p := c.files[i]
		if kinds[p.kind] == nil {
			kinds[p.kind] = &mean{}
			order = append(order, p.kind)
		}
		kinds[p.kind].add(s[0], s[1], p.name)
	}
	declared, detected, weight := 0.0, 0.0, 0.0
	for _, kind := range order {
		m, which := kinds[kind], ""
		if m.lowest < 9.9995 {
			which = fmt.Sprintf("lowest %.3f %s", m.lowest, m.which)
		}
		t.Logf("%-30s %5d files  declared %6.3f  detected %6.3f  %s", kind, m.n, m.declared, m.detected, which)
		count := float64(m.n)
		if n, ok := c.counts[kind]; ok {
			count = float64(n)
		}
		declared += m.declared * count
		detected += m.detected * count
		weight += count
	}
	declared /= weight
	detected /= weight
	t.Logf("mean score, %.0f files: declared %.3f, detected %.3f", weight, declared, detected)
	if !(declared > c.declared && detected > c.detected) {
		t.Errorf("mean scores %.3f declared and %.3f detected, must be above %.3f and %.3f", declared, detected, c.declared, c.detected)
	}
}

// scored gives the points of each file, with the dialect declared and detected.
func scored(t *testing.T, files []polluted) [][2]float64 {
	out := make([][2]float64, len(files))
	workers := runtime.GOMAXPROCS(0)
	t.Run("read", func(t *testing.T) {
		for w := range workers {
			t.Run(strconv.Itoa(w), func(t *testing.T) {
				t.Parallel()
				for i := w; i < len(files); i += workers {
					want := files[i].want.table()
					declared, _ := readTable(t, files[i].content, files[i].declared)
					detected, _ := readTable(t, files[i].content, Declared{})
					out[i] = [2]float64{points(want, declared), points(want, detected)}
				}
			})
		}
	})
	return out
}
