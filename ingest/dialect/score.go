package dialect

import (
	"bytes"
	"math"
	"slices"
)

// How much a kind of cell speaks for a dialect.
var kindWeight = [...]float64{
	kindEmpty: 0.9, kindMissing: 1, kindNumber: 1, kindDate: 1, kindCode: 0.95, kindText: 0.95, kindList: 0.8, kindOdd: 0.3,
}

const (
	scoreBytes = 128 << 10 // of the sample that every candidate is tried on
	scoreRows  = 600
	oneColumn  = 0.25 // what one column is worth, where many approach 1
	badRow     = 0.5  // of the weight of a row whose quotes follow no rule
	blankSide  = 0.9  // of the weight of a cell with blanks around it
)

// table is a sample cut by one candidate.
type table struct {
	rows   []row
	blanks int // physical lines with nothing in them
	bad    int // rows whose quotes follow no rule
	quoted int // rows with a quote that opened and closed
	lines  int
}

// row is one record of a sample.
type row struct {
	cells   []string
	kinds   []kind
	line    int // physical line it starts on, from 1
	lines   int
	after   bool // after a blank line
	empties int  // lines of delimiters alone above it
}

func (r row) filled() int {
	n := 0
	for _, k := range r.kinds {
		if k != kindEmpty {
			n++
		}
	}
	return n
}

// cutSample cuts decoded text by a candidate, at most maxRows records of it.
func cutSample(text []byte, d Dialect, limits Limits, maxRows int) table {
	s := newSplitter(d, limits)
	s.work = sampleWork
	l := newLines(bytes.NewReader(text), len(text)+1)
	var t table
	blank, empties := false, 0
	for len(t.rows) < maxRows {
		line, _, ok := l.peek(0)
		if !ok {
			break
		}
		if blankLine(line, s.delimiter) {
			t.blanks++
			blank = true
			if bytes.Contains(line, s.delimiter) {
				empties++
			}
			l.advance(1)
			continue
		}
		plain := s.plain(line)
		text := string(line)
		cells, n, v := s.record(l)
		if v == wellFormed && !plain && !s.bare {
			t.quoted++
		}
		if v != wellFormed {
			t.bad++
			n = 1
			cells = s.repair(text, nil).cells
		}
		r := newRow(Record{Line: l.number, Lines: n, Cells: cells}, blank)
		r.empties = empties
		t.rows = append(t.rows, r)
		blank, empties = false, 0
		l.advance(n)
	}
	t.lines = int(l.number) - 1
	return t
}

// blankLine says that a line holds no record: nothing but blanks, or the
// delimiters of empty cells, as spreadsheets save their empty rows.
func blankLine(line, delimiter []byte) bool {
	if len(line) > 0 && line[0] > ' ' && line[0] != delimiter[0] {
		return false
	}
	for len(line) > 0 {
		switch {
		case bytes.HasPrefix(line, delimiter):
			line = line[len(delimiter):]
		case line[0] == ' ' || line[0] == '\t':
			line = line[1:]
		default:
			return false
		}
	}
	return true
}

// score says how well a candidate explains a sample: how alike the records are
// in width, how wide they are, and how many of their cells are of a kind. The
// idea is that of data consistency in the literature on CSV wrangling; the
// likeness here is the perplexity of the widths, so that few odd rows in many
// cost little.
func (t table) score() float64 {
	if len(t.rows) == 0 {
		return 0
	}
	widths := map[int]int{}
	pattern, kinds, cells := 0.0, 0.0, 0
	for _, r := range t.rows {
		w := len(r.cells)
		widths[w]++
		if w == 1 {
			pattern += oneColumn
		} else {
			pattern += float64(w-1) / float64(w)
		}
		for i, k := range r.kinds {
			weight := kindWeight[k]
			if c := r.cells[i]; c != "" && (c[0] == ' ' || c[len(c)-1] == ' ') {
				weight *= blankSide
			}
			kinds += weight
			cells++
		}
	}
	n := float64(len(t.rows))
	entropy := 0.0
	for _, count := range widths {
		p := float64(count) / n
		entropy -= p * math.Log(p)
	}
	kinds /= float64(cells)
	return pattern / n / math.Exp(entropy) * kinds * kinds * (1 - badRow*float64(t.bad)/n)
}

// modal is the most frequent width, the larger of two.
func (t table) modal() int {
	widths := map[int]int{}
	for _, r := range t.rows {
		widths[len(r.cells)]++
	}
	best := 0
	for w, n := range widths {
		if n > widths[best] || n == widths[best] && w > best {
			best = w
		}
	}
	return best
}

// even says that all rows have one width.
func (t table) even() bool {
	return !slices.ContainsFunc(t.rows, func(r row) bool { return len(r.cells) != len(t.rows[0].cells) })
}

// column is what most cells of one column are.
type column struct {
	kind   kind
	filled int
	digits float64 // part of the filled cells with a digit in them
}

// columns looks at rows of the modal width from a row on.
func (t table) columns(from, width int) []column {
	counts := make([][kindOdd + 1]int, width)
	for _, r := range t.rows[min(from, len(t.rows)):] {
		if len(r.cells) != width {
			continue
		}
		for i, k := range r.kinds {
			counts[i][k]++
		}
	}
	out := make([]column, width)
	for i, c := range counts {
		for k := kindNumber; k <= kindOdd; k++ {
			out[i].filled += c[k]
			if c[k] > c[out[i].kind] || out[i].kind.blank() {
				out[i].kind = k
			}
		}
		if out[i].filled > 0 {
			out[i].digits = float64(c[kindNumber]+c[kindDate]+c[kindCode]) / float64(out[i].filled)
			if float64(c[out[i].kind]) < 0.8*float64(out[i].filled) {
				out[i].kind = kindText
			}
		}
	}
	return out
}

// reread is the same sample as a Reader cuts it: misplaced quotes are repaired
// to the width that most rows have, and to that of the first row of the table,
// which is its header's.
func (t table) reread(text []byte, d Dialect, limits Limits) table {
	if t.bad == 0 && (t.quoted == 0 || t.even()) {
		return t
	}
	named := 0
	if first := preambleRows(t, 0); first < len(t.rows) {
		named = len(t.rows[first].cells)
	}
	r := &Reader{named: named, dialect: d, limits: limits, split: newSplitter(d, limits), modal: t.modal(), lines: newLines(bytes.NewReader(text), len(text)+1)}
	r.split.work = sampleWork
	out := table{blanks: t.blanks, bad: t.bad, quoted: t.quoted, lines: t.lines}
	empties := map[int]int{} // by the line of the row below them
	for _, r := range t.rows {
		empties[r.line] = r.empties
	}
	next := int64(1)
	for len(out.rows) < scoreRows {
		rec, err := r.Read()
		if err != nil {
			break // the end, or what reading the file itself will say
		}
		row := newRow(rec, rec.Line > next)
		row.empties = empties[row.line]
		out.rows = append(out.rows, row)
		next = rec.Line + int64(rec.Lines)
	}
	return out
}

func newRow(rec Record, after bool) row {
	r := row{cells: slices.Clone(rec.Cells), kinds: make([]kind, len(rec.Cells)), line: int(rec.Line), lines: rec.Lines, after: after}
	for i, c := range r.cells {
		r.kinds[i] = kindOf(c)
	}
	return r
}
