package ingest

import (
	"bytes"
	"unicode/utf8"
)

// record is one record of a block, cut into cells. Its slices point into the
// block or into the scanner's memory and hold until the next one is read.
type record struct {
	raw    []byte   // as delivered, without its line end
	cells  [][]byte // without enclosing quotes
	starts []int    // offset of each cell in raw
	line   int64    // physical line it starts on
	lines  int      // physical lines it spans
	quote  int      // cell with misplaced quotes, -1 for none
	open   bool     // a quote is never closed
	blank  bool
}

// position is the place of a cell in its record in characters, from 1.
func (r *record) position(cell int) int {
	if cell < 0 || cell >= len(r.starts) {
		return 0
	}
	return utf8.RuneCount(r.raw[:r.starts[cell]]) + 1
}

// scanner cuts blocks into records and records into cells.
type scanner struct {
	delim byte
	b     block
	at    int
	line  int64
	rec   record
	text  []byte // cells whose doubled quotes had to be undone
}

// reset points the scanner at the block it holds.
func (s *scanner) reset() { s.at, s.line = 0, s.b.line }

// next reads the next record of the block; false at the block's end.
func (s *scanner) next() bool {
	if s.at >= len(s.b.data) {
		return false
	}
	r := &s.rec
	r.cells, r.starts = r.cells[:0], r.starts[:0]
	r.line, r.lines, r.quote, r.open, r.blank = s.line, 1, -1, false, false
	rest := s.b.data[s.at:]
	end := bytes.IndexByte(rest, '\n')
	if end < 0 {
		end = len(rest)
	}
	if s.b.quoted && bytes.IndexByte(rest[:end], '"') >= 0 {
		s.exact(rest)
		return true
	}
	s.at = min(s.at+end+1, len(s.b.data))
	s.line++
	if end > 0 && rest[end-1] == '\r' {
		end--
	}
	r.raw = rest[:end]
	r.blank = isBlank(r.raw)
	at := 0
	for {
		i := bytes.IndexByte(r.raw[at:], s.delim)
		if i < 0 {
			break
		}
		r.cells = append(r.cells, r.raw[at:at+i])
		r.starts = append(r.starts, at)
		at += i + 1
	}
	r.cells = append(r.cells, r.raw[at:])
	r.starts = append(r.starts, at)
	return true
}

// exact cuts a record that has quotes: the slow path.
func (s *scanner) exact(rest []byte) {
	r := &s.rec
	s.text = s.text[:0]
	at := 0
	for {
		start := at
		var cell []byte
		quoted := at < len(rest) && rest[at] == '"'
		if quoted {
			end := closingQuote(rest, at+1)
			if end < 0 {
				r.open = true
				r.starts = append(r.starts, start)
				r.cells = append(r.cells, rest[at+1:])
				at = len(rest)
				break
			}
			cell = s.undouble(rest[at+1 : end])
			at = end + 1
		}
		tail := at
		for at < len(rest) && rest[at] != s.delim && rest[at] != '\n' {
			at++
		}
		text := rest[tail:at]
		if at == len(rest) || rest[at] == '\n' {
			text = bytes.TrimSuffix(text, []byte{'\r'})
		}
		switch {
		case quoted && len(text) > 0:
			r.misquoted()
			cell = rest[start : tail+len(text)]
		case !quoted:
			cell = text
			if bytes.IndexByte(text, '"') >= 0 {
				r.misquoted()
			}
		}
		r.starts = append(r.starts, start)
		r.cells = append(r.cells, cell)
		if at == len(rest) || rest[at] == '\n' {
			break
		}
		at++ // the delimiter
	}
	raw := rest[:at]
	r.lines = bytes.Count(raw, newline) + 1
	if at < len(rest) {
		at++
	} else if len(raw) > 0 && raw[len(raw)-1] == '\n' {
		r.lines-- // an open quote swallowed the last line end
	}
	r.raw = bytes.TrimSuffix(raw, []byte{'\r'})
	s.at += at
	s.line += int64(r.lines)
}

func (r *record) misquoted() {
	if r.quote < 0 {
		r.quote = len(r.cells)
	}
}

// undouble turns "" into ". Cells already cut stay where they are: text may grow
// into new memory, but never moves what was returned before.
func (s *scanner) undouble(b []byte) []byte {
	if bytes.IndexByte(b, '"') < 0 {
		return b
	}
	start := len(s.text)
	for i := 0; i < len(b); i++ {
		s.text = append(s.text, b[i])
		if b[i] == '"' {
			i++
		}
	}
	return s.text[start:len(s.text):len(s.text)]
}

// isBlank tells whether a line has nothing but spaces.
func isBlank(b []byte) bool {
	for _, c := range b {
		if c != ' ' && c != '\t' && c != '\r' {
			return false
		}
	}
	return true
}
