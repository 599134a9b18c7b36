package split

import (
	"bytes"
	"encoding/binary"
	"math/bits"
	"unicode/utf8"
)

// Record is one record of a block, cut into cells. Its slices point into the
// block or into the scanner's memory and hold until the next one is read.
type Record struct {
	Raw    []byte   // as delivered, without its line end
	Cells  [][]byte // without enclosing quotes, maxCells at most
	More   int      // cells beyond these
	Starts []int    // offset of each cell in Raw; nil where each is a piece of Raw
	Line   int64    // physical line it starts on
	Lines  int      // physical lines it spans
	Quote  int      // cell with misplaced quotes, -1 for none
	Open   bool     // a quote is never closed
	Blank  bool
}

// Position is the place of a cell in its record in characters, from 1.
func (r *Record) Position(cell int) int {
	if cell < 0 || cell >= len(r.Cells) || len(r.Starts) > 0 && cell >= len(r.Starts) {
		return 0
	}
	return utf8.RuneCount(r.Raw[:r.Start(cell)]) + 1
}

// Start is the offset of a cell in Raw.
func (r *Record) Start(cell int) int {
	if len(r.Starts) > 0 {
		return r.Starts[cell]
	}
	// Both reach to the end of one memory; a cell that was added has none.
	return min(cap(r.Raw)-cap(r.Cells[cell]), len(r.Raw))
}

// Scanner cuts blocks into records and records into cells.
type Scanner struct {
	Block Block
	Rec   Record // the one that Next read
	delim byte
	// delims is the delimiter in every byte of a word.
	delims uint64
	at     int
	// plainTo is where the records end that follow each other without a quote.
	plainTo int
	line    int64
	text    []byte // cells whose doubled quotes had to be undone
}

// NewScanner gives a scanner of records whose cells delim separates.
func NewScanner(delim byte) Scanner {
	return Scanner{delim: delim, delims: uint64(delim) * 0x0101010101010101}
}

// Reset points the scanner at the block it holds.
func (s *Scanner) Reset() {
	s.at, s.plainTo, s.line = 0, 0, s.Block.Line
	if !s.Block.Quoted {
		s.plainTo = len(s.Block.Data)
	}
}

// Next reads the next record of the block; false at the block's end.
func (s *Scanner) Next() bool {
	if s.at >= len(s.Block.Data) {
		return false
	}
	r := &s.Rec
	r.Cells, r.Starts = r.Cells[:0], r.Starts[:0]
	r.Line, r.Lines, r.Quote, r.Open, r.Blank, r.More = s.line, 1, -1, false, false, 0
	rest := s.Block.Data[s.at:]
	if s.at >= s.plainTo {
		switch n := firstQuoted(rest); n {
		case 0:
			if !s.enclosed(rest) {
				s.exact(rest)
			}
			return true
		case -1:
			s.plainTo = len(s.Block.Data)
		default:
			s.plainTo = s.at + n
		}
	}
	if len(rest) > wideFrom && s.crowded(rest) {
		return true
	}
	s.plain(rest)
	return true
}

// A record of more than maxCells cells keeps only the first of them: eight bytes of
// a file must not cost thirty-two of memory. Only a record of more than wideFrom
// bytes is looked at for it, which no file of an agency has.
const (
	maxCells = 16 << 10
	wideFrom = 256 << 10
)

// crowded cuts a record without quotes that has too many cells; false when the
// record at hand is none.
func (s *Scanner) crowded(rest []byte) bool {
	end := bytes.IndexByte(rest, '\n')
	if end < 0 {
		end = len(rest)
	}
	if end <= wideFrom {
		return false
	}
	n := bytes.Count(rest[:end], []byte{s.delim}) + 1
	if n <= maxCells {
		return false
	}
	r := &s.Rec
	r.Raw, r.More = rest[:end], n-maxCells
	for at := 0; len(r.Cells) < maxCells; {
		next := at + bytes.IndexByte(rest[at:end], s.delim)
		r.Cells = append(r.Cells, rest[at:next])
		at = next + 1
	}
	s.at = min(s.at+end+1, len(s.Block.Data))
	s.line++
	return true
}

// plain cuts a record without quotes, eight bytes at a time: looking for each
// delimiter by itself costs a call per cell.
func (s *Scanner) plain(rest []byte) {
	r := &s.Rec
	start, end := 0, -1
	at := 0
	for ; at+8 <= len(rest); at += 8 {
		w := binary.LittleEndian.Uint64(rest[at:])
		hits, ends := zeroBytes(w^s.delims), zeroBytes(w^newlines)
		if ends != 0 { // what is behind the first of them is another record's
			hits &= ends&-ends - 1
		}
		for ; hits != 0; hits &= hits - 1 {
			i := at + bits.TrailingZeros64(hits)>>3
			r.Cells = append(r.Cells, rest[start:i])
			start = i + 1
		}
		if ends != 0 {
			end = at + bits.TrailingZeros64(ends)>>3
			break
		}
	}
	for ; end < 0; at++ {
		if at == len(rest) || rest[at] == '\n' {
			end = at
		} else if rest[at] == s.delim {
			r.Cells = append(r.Cells, rest[start:at])
			start = at + 1
		}
	}
	s.at = min(s.at+end+1, len(s.Block.Data))
	s.line++
	if end > start && rest[end-1] == '\r' {
		end--
	}
	r.Cells = append(r.Cells, rest[start:end])
	r.Raw = rest[:end]
	r.Blank = isBlank(r.Raw)
}

const (
	lowBits  = 0x7f7f7f7f7f7f7f7f
	newlines = '\n' * 0x0101010101010101
	quotes   = '"' * 0x0101010101010101
)

// zeroBytes marks the zero bytes of a word by their top bits.
func zeroBytes(w uint64) uint64 { return ^((w&lowBits + lowBits) | w | lowBits) }

// enclosed cuts a record of one line whose quotes enclose whole cells and stand for
// themselves nowhere, which is what programs write; false leaves it to exact.
func (s *Scanner) enclosed(rest []byte) bool {
	r := &s.Rec
	cells, starts := r.Cells, r.Starts
	for start := 0; len(cells) < maxCells; {
		from, ends := start, s.delims
		quoted := start < len(rest) && rest[start] == '"'
		if quoted {
			from, ends = start+1, quotes
		}
		i := -1 // the cell's end, or its second quote
		for at := from; at+8 <= len(rest); at += 8 {
			w := binary.LittleEndian.Uint64(rest[at:])
			if hits := zeroBytes(w^ends) | zeroBytes(w^newlines) | zeroBytes(w^quotes); hits != 0 {
				i = at + bits.TrailingZeros64(hits)>>3
				break
			}
		}
		if i < 0 || quoted != (rest[i] == '"') { // the end of the block, a quote within a cell, a cell of two lines
			return false
		}
		end := i // of the cell's text
		if quoted {
			i++
		}
		if i+1 < len(rest) && rest[i] == '\r' && rest[i+1] == '\n' {
			i++
		}
		if i >= len(rest) || rest[i] != s.delim && rest[i] != '\n' {
			return false
		}
		last := rest[i] == '\n'
		if last && !quoted && end > start && rest[end-1] == '\r' {
			end--
		}
		cells, starts = append(cells, rest[from:end]), append(starts, start)
		if last {
			if r.Raw = rest[:i]; i > 0 && rest[i-1] == '\r' {
				r.Raw = rest[:i-1]
			}
			r.Cells, r.Starts = cells, starts
			s.at += i + 1
			s.line++
			return true
		}
		start = i + 1
	}
	return false
}

// exact cuts a record that has quotes, whatever they are like: the slow path.
func (s *Scanner) exact(rest []byte) {
	r := &s.Rec
	s.text = s.text[:0]
	at := 0
	for {
		start := at
		var cell []byte
		quoted := at < len(rest) && rest[at] == '"'
		if quoted {
			end := closingQuote(rest, at+1)
			if end < 0 {
				r.Open = true
				r.Starts = append(r.Starts, start)
				r.Cells = append(r.Cells, rest[at+1:])
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
		if len(r.Cells) < maxCells {
			r.Starts = append(r.Starts, start)
			r.Cells = append(r.Cells, cell)
		} else {
			r.More++
		}
		if at == len(rest) || rest[at] == '\n' {
			break
		}
		at++ // the delimiter
	}
	raw := rest[:at]
	r.Lines = bytes.Count(raw, newline) + 1
	if at < len(rest) {
		at++
	} else if len(raw) > 0 && raw[len(raw)-1] == '\n' {
		r.Lines-- // an open quote swallowed the last line end
	}
	if s.Block.Rows {
		r.Lines = 1
	}
	r.Raw = bytes.TrimSuffix(raw, []byte{'\r'})
	s.at += at
	s.line += int64(r.Lines)
}

func (r *Record) misquoted() {
	if r.Quote < 0 {
		r.Quote = len(r.Cells)
	}
}

// undouble turns "" into ". Cells already cut stay where they are: text may grow
// into new memory, but never moves what was returned before.
func (s *Scanner) undouble(b []byte) []byte {
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

// Rest is what of the block was not read yet, and the physical line it starts on.
func (s *Scanner) Rest() (text []byte, line int64) { return s.Block.Data[s.at:], s.line }

// Line cuts one line of text as a record under another delimiter.
func Line(raw []byte, delim byte) (Record, bool) {
	s := NewScanner(delim)
	s.Block = Block{Data: raw, Line: 1, Quoted: true}
	s.Reset()
	ok := s.Next()
	return s.Rec, ok
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
