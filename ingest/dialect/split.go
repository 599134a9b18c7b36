package dialect

import (
	"bytes"
	"strings"
)

// splitter cuts records into cells by one dialect.
type splitter struct {
	delimiter, opening, closing, escape []byte
	doubled                             bool // a doubled closing quote stands for one
	bare                                bool // no quotes: the escape protects delimiters
	limits                              Limits
	work                                int // steps that the repair of one line may take

	text  []byte // the record being cut
	ends  []int  // of its cells in text
	cells []string
}

// How many readings of one line are weighed before all its quotes are taken for
// text, while reading and while detecting.
const (
	repairWork = 1 << 18
	sampleWork = 1 << 13
)

// noDelimiter is a byte that decoded text never has.
const noDelimiter = "\xff"

func newSplitter(d Dialect, limits Limits) *splitter {
	opening, closing := marks(d.Quote)
	if d.Delimiter == "" {
		d.Delimiter = noDelimiter
	}
	s := &splitter{
		delimiter: []byte(d.Delimiter), opening: []byte(opening), closing: []byte(closing),
		limits: limits, doubled: d.Escape != "", work: repairWork,
	}
	if d.Escape != "" && d.Escape != closing {
		s.escape = []byte(d.Escape)
		s.bare = d.Quote == ""
	}
	return s
}

// What became of a record under the strict rules.
type verdict int

const (
	wellFormed verdict = iota
	badQuote           // a quote where none can be, or one that stays open
	tooWide            // more cells than the limit
)

// record cuts the record that starts at the current line: its cells, valid
// until the next call, and how many physical lines it has. A quote opens only
// at the start of a cell and closes only before a delimiter or a line end.
func (s *splitter) record(l *lines) (cells []string, n int, v verdict) {
	line, end, ok := l.peek(0)
	if !ok {
		return nil, 0, badQuote
	}
	if s.plain(line) {
		return s.raw(string(line))
	}
	s.text, s.ends = s.text[:0], s.ends[:0]
	for n = 1; ; {
		if len(s.ends) > s.limits.Columns {
			return nil, n, tooWide
		}
		if len(s.opening) == 0 || !bytes.HasPrefix(line, s.opening) {
			at := s.unquoted(line)
			s.ends = append(s.ends, len(s.text))
			if at < 0 {
				return s.finish(), n, wellFormed
			}
			line = line[at:]
			continue
		}
		line = line[len(s.opening):]
		for {
			rest, closed, bad := s.quoted(line)
			if bad {
				return nil, n, badQuote
			}
			line = rest
			if closed {
				break
			}
			s.text = append(s.text, end...)
			if n >= s.limits.RecordLines || len(s.text) > s.limits.RecordBytes {
				return nil, n, badQuote
			}
			if line, end, ok = l.peek(n); !ok {
				return nil, n, badQuote
			}
			n++
		}
		s.ends = append(s.ends, len(s.text))
		if len(line) == 0 {
			return s.finish(), n, wellFormed
		}
		line = line[len(s.delimiter):]
	}
}

// plain says that a line has nothing but cells and delimiters in it.
func (s *splitter) plain(line []byte) bool {
	if s.bare {
		return !bytes.Contains(line, s.escape)
	}
	return len(s.opening) == 0 || !bytes.Contains(line, s.opening)
}

// raw cuts a line at every delimiter.
func (s *splitter) raw(line string) (cells []string, n int, v verdict) {
	delimiter := string(s.delimiter)
	s.cells = s.cells[:0]
	if len(delimiter) == 1 {
		c := delimiter[0]
		for {
			i := strings.IndexByte(line, c)
			if i < 0 {
				break
			}
			s.cells = append(s.cells, line[:i])
			line = line[i+1:]
		}
	} else {
		for {
			cell, rest, found := strings.Cut(line, delimiter)
			if !found {
				break
			}
			s.cells = append(s.cells, cell)
			line = rest
		}
	}
	s.cells = append(s.cells, line)
	if len(s.cells) > s.limits.Columns {
		return nil, 1, tooWide
	}
	return s.cells, 1, wellFormed
}

// unquoted takes one cell without quotes; the result is where the next one
// starts, -1 at the end of the line.
func (s *splitter) unquoted(line []byte) int {
	at := 0
	for {
		var i int
		if s.bare {
			i = firstOf(line[at:], s.delimiter, s.escape)
		} else {
			i = bytes.Index(line[at:], s.delimiter)
		}
		if i < 0 {
			s.text = append(s.text, line[at:]...)
			return -1
		}
		s.text = append(s.text, line[at:at+i]...)
		at += i
		if bytes.HasPrefix(line[at:], s.delimiter) {
			return at + len(s.delimiter)
		}
		at += s.protected(line[at:], s.delimiter)
	}
}

// quoted takes text inside quotes up to the closing quote or the end of the
// line. After a closing quote, rest is empty or starts with a delimiter.
func (s *splitter) quoted(line []byte) (rest []byte, closed, bad bool) {
	for {
		var i int
		if len(s.escape) > 0 {
			i = firstOf(line, s.closing, s.escape)
		} else {
			i = bytes.Index(line, s.closing)
		}
		if i < 0 {
			s.text = append(s.text, line...)
			return nil, false, false
		}
		s.text = append(s.text, line[:i]...)
		line = line[i:]
		if !bytes.HasPrefix(line, s.closing) {
			line = line[s.protected(line, s.closing):]
			continue
		}
		line = line[len(s.closing):]
		if s.doubled && bytes.HasPrefix(line, s.closing) {
			s.text = append(s.text, s.closing...)
			line = line[len(s.closing):]
			continue
		}
		if len(line) == 0 || bytes.HasPrefix(line, s.delimiter) {
			return line, true, false
		}
		return nil, false, true
	}
}

// protected takes an escape at the start of b with what it protects, another
// escape or mark, and says how long that is. Before anything else an escape is
// text.
func (s *splitter) protected(b, mark []byte) int {
	n := len(s.escape)
	for _, p := range [][]byte{mark, s.escape} {
		if bytes.HasPrefix(b[n:], p) {
			s.text = append(s.text, p...)
			return n + len(p)
		}
	}
	s.text = append(s.text, s.escape...)
	return n
}

// firstOf is where the first a or b starts, -1 for neither.
func firstOf(in, a, b []byte) int {
	for i, c := range in {
		if c == a[0] && bytes.HasPrefix(in[i:], a) || c == b[0] && bytes.HasPrefix(in[i:], b) {
			return i
		}
	}
	return -1
}

// finish makes the cells of text: one string holds them all.
func (s *splitter) finish() []string {
	all := string(s.text)
	s.cells = s.cells[:0]
	from := 0
	for _, end := range s.ends {
		s.cells = append(s.cells, all[from:end])
		from = end
	}
	return s.cells
}
