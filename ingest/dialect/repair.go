package dialect

import (
	"math"
	"slices"
	"strings"
)

// What the ways to read a line with misplaced quotes cost. The cheapest reading
// of the whole line wins; that it has as many cells as the file's records
// weighs as much as one or two quotes that are text.
const (
	costRawQuote  = 2.0  // a quote that opens nothing: it is text
	costLoose     = 1.0  // a quote that closes nothing: it is text
	costTail      = 1.5  // text after the closing quote: it is glued on
	costStray     = 1.0  // a single quote inside a quoted cell
	costFree      = 0.2  // the same where the dialect has no escape
	costSwallowed = 1.0  // a quote inside that looks like the start or end of a cell
	costWidth     = 1.5  // another number of cells than expected
	costBroken    = 10.0 // a line end outside quotes
	costPerCell   = 0.5  // and more with every cell, up to four
)

// reading is one way to take the cells from..to of a line as a single cell.
type reading struct {
	to   int // index of the piece after the cell
	cost float64
	kind readingKind
}

type readingKind byte

const (
	readRaw    readingKind = iota
	readQuoted             // between its quotes
	readTail               // between its quotes, and what follows them
)

// repaired is what a line with misplaced quotes was read as.
type repaired struct {
	cells []string
	cost  float64
}

// repair cuts text whose quotes follow no rule: all ways to read its pieces are
// weighed and the cheapest is taken. expected holds the numbers of cells that
// records of this file have, if known.
func (s *splitter) repair(line string, expected []int) repaired {
	pieces := strings.Split(line, string(s.delimiter))
	offsets := make([]int, len(pieces)+1)
	opened := 0
	for i, p := range pieces {
		offsets[i+1] = offsets[i] + len(p) + len(s.delimiter)
		if strings.HasPrefix(p, string(s.opening)) {
			opened++
		}
	}
	runs := s.runs(line)
	top := 0
	for _, e := range expected {
		top = min(len(pieces), max(top, e+4))
	}
	if opened == 0 || (opened*len(runs)+len(pieces))*(top+1) > s.work {
		return repaired{pieces, float64(opened) * costRawQuote}
	}
	steps := make([][]reading, len(pieces))
	for i := range pieces {
		steps[i] = s.readings(line, pieces, offsets, runs, i)
	}
	return s.cheapest(line, offsets, steps, top, expected)
}

// run is consecutive closing quotes.
type run struct{ at, count int }

func (s *splitter) runs(line string) []run {
	var out []run
	mark := string(s.closing)
	for at := 0; ; {
		i := strings.Index(line[at:], mark)
		if i < 0 {
			return out
		}
		at += i
		r := run{at: at}
		for strings.HasPrefix(line[at:], mark) {
			r.count++
			at += len(mark)
		}
		if s.escaped(line[:r.at]) {
			r.at += len(mark) // the first is escaped: text
			r.count--
		}
		if r.count > 0 {
			out = append(out, r)
		}
	}
}

// escaped says that what follows text is escaped: an odd number of escapes ends
// it, as two of them stand for one that is text.
func (s *splitter) escaped(text string) bool {
	odd := false
	for len(s.escape) > 0 && strings.HasSuffix(text, string(s.escape)) {
		odd = !odd
		text = text[:len(text)-len(s.escape)]
	}
	return odd
}

// readings lists the ways to read a cell that starts at piece i.
func (s *splitter) readings(line string, pieces []string, offsets []int, runs []run, i int) []reading {
	out := []reading{{to: i + 1}}
	if strings.ContainsAny(pieces[i], "\r\n") {
		out[0].cost = costBroken
	}
	if !strings.HasPrefix(pieces[i], string(s.opening)) {
		if strings.HasSuffix(pieces[i], string(s.closing)) && strings.Count(pieces[i], string(s.closing))%2 == 1 {
			out[0].cost += costLoose
		}
		return out
	}
	out[0].cost += costRawQuote
	if len(pieces[i]) > len(s.opening) && strings.HasSuffix(pieces[i], string(s.closing)) {
		out[0].cost += costRawQuote // it has both its quotes
	}
	start, width := offsets[i]+len(s.opening), len(s.closing)
	cost, piece, tail := 0.0, i, false
	for n, r := range runs {
		if r.at < start {
			if r.at+r.count*width <= start {
				continue
			}
			r.count -= (start - r.at) / width // the opening quote is no closing one
			r.at = start
		}
		end := r.at + r.count*width
		for piece+1 < len(pieces) && offsets[piece+1] <= r.at {
			piece++
		}
		closes := end == offsets[piece]+len(pieces[piece])
		if closes {
			out = append(out, reading{to: piece + 1, cost: cost + s.stray(r.count-1), kind: readQuoted})
		} else if !tail && r.count%2 == 1 {
			tail = true
			t := reading{to: piece + 1, cost: cost + costTail + s.stray(r.count-1), kind: readTail}
			if n+1 < len(runs) && runs[n+1].at < offsets[piece]+len(pieces[piece]) {
				t.cost += costRawQuote // quotes in the tail
			}
			if strings.ContainsAny(line[end:offsets[piece]+len(pieces[piece])], "\r\n") {
				t.cost += costBroken
			}
			out = append(out, t)
		}
		cost += s.stray(r.count)
		if r.count%2 == 1 && (closes || r.at == offsets[piece] && piece > i) {
			cost += costSwallowed
		}
	}
	return out
}

// stray is the cost of n quotes in a row as text inside quotes.
func (s *splitter) stray(n int) float64 {
	if !s.doubled {
		return costFree * float64(n)
	}
	return costStray * float64(n%2)
}

// cheapest finds the best chain of readings from the first piece to the end,
// by number of cells (all together under 0 when top is 0).
func (s *splitter) cheapest(line string, offsets []int, steps [][]reading, top int, expected []int) repaired {
	type node struct {
		cost     float64
		from, at int // the piece before, and the number of cells there
		kind     readingKind
	}
	n, width := len(steps), top+1
	best := make([]node, (n+1)*width)
	for i := range best {
		best[i].cost = math.Inf(1)
	}
	best[0].cost = 0
	for i, readings := range steps {
		for w := range width {
			have := best[i*width+w].cost
			if math.IsInf(have, 1) {
				continue
			}
			next := min(w+1, top)
			for _, r := range readings {
				if to := &best[r.to*width+next]; have+r.cost < to.cost {
					*to = node{have + r.cost, i, w, r.kind}
				}
			}
		}
	}
	last, cost := 0, math.Inf(1)
	for w := range width {
		if c := best[n*width+w].cost + widthCost(w, expected); c < cost {
			last, cost = w, c
		}
	}
	out := repaired{cost: cost}
	for i, w := n, last; i > 0; {
		at := best[i*width+w]
		cell := line[offsets[at.from] : offsets[i]-len(s.delimiter)]
		out.cells = append(out.cells, s.read(cell, at.kind))
		i, w = at.from, at.at
	}
	slices.Reverse(out.cells)
	return out
}

func widthCost(w int, expected []int) float64 {
	if len(expected) == 0 {
		return 0
	}
	off := math.MaxInt
	for _, e := range expected {
		off = min(off, max(w-e, e-w))
	}
	if off == 0 {
		return 0
	}
	return costWidth + costPerCell*float64(min(off, 4))
}

// read is the text of a cell that was taken as kind.
func (s *splitter) read(cell string, kind readingKind) string {
	switch kind {
	case readQuoted:
		return s.plainText(cell[len(s.opening) : len(cell)-len(s.closing)])
	case readTail:
		cell = cell[len(s.opening):]
		for _, r := range s.runs(cell) {
			if r.count%2 == 1 {
				end := r.at + (r.count-1)*len(s.closing)
				return s.plainText(cell[:end]) + cell[end+len(s.closing):]
			}
		}
	}
	return cell
}

// plainText undoes escapes.
func (s *splitter) plainText(text string) string {
	if !s.doubled {
		return text
	}
	mark := string(s.closing)
	text = strings.ReplaceAll(text, mark+mark, mark)
	if e := string(s.escape); e != "" {
		text = strings.NewReplacer(e+mark, mark, e+e, e).Replace(text)
	}
	return text
}
