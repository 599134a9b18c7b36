package dialect

import (
	"bytes"
	"io"
	"slices"
)

// Record is one record of a file. Cells is valid until the next Read.
type Record struct {
	Line  int64    // physical line it starts on, from 1
	Lines int      // physical lines it has
	Cells []string // as written, without quotes and escapes
}

// Counts accounts for the physical lines that were read so far: Lines is the
// sum of the four below it. A header that comes again further below counts to
// Header.
type Counts struct {
	Lines                           int64
	Preamble, Header, Blank, Record int64
	Records, Repaired               int64 // records, and those whose quotes follow no rule
}

// How far text with misplaced quotes is followed over line ends.
const (
	joinLines  = 32
	joinBytes  = 64 << 10
	joinFailed = 500 // attempts in vain after which no more are made
)

// Reader reads one file record by record.
type Reader struct {
	dialect Dialect
	limits  Limits
	lines   *lines
	split   *splitter
	header  [][]string
	again   bool // rows of the header that come again are no records
	counts  Counts

	modal   int  // most frequent width of the sample, 0 for none
	named   int  // width of the header, 0 for none
	last    int  // width of the last record whose quotes follow the rules
	keep    bool // blank lines are empty cells: there is one column only
	empties bool // rows of delimiters alone are records
	pending int  // blank lines that are records if another record follows
	failed  int
	first   []byte // copy of a record's first line
	spent   int    // bytes of the line at hand
}

// NewReader reads the start of r, detects what declared leaves open and reads
// preamble and header. Errors: ErrDialect, ErrLimit, those of r.
func NewReader(r io.Reader, declared Declared, limits Limits) (*Reader, error) {
	if err := declared.check(); err != nil {
		return nil, err
	}
	limits = limits.orDefault()
	sample, err := io.ReadAll(io.LimitReader(r, int64(limits.SampleBytes)))
	if err != nil {
		return nil, err
	}
	whole := len(sample) < limits.SampleBytes
	enc, err := chooseEncoding(declared.Encoding, sample, whole)
	if err != nil {
		return nil, err
	}
	d, t := detect(enc.text(sample), declared, limits)
	d.Encoding = enc.name
	out := &Reader{
		dialect: d, limits: limits, split: newSplitter(d, limits), modal: t.modal(),
		lines: newLines(enc.reader(io.MultiReader(bytes.NewReader(sample[enc.skip:]), r)), limits.RecordBytes),
	}
	return out, out.top(t)
}

// Dialect is what was declared and detected.
func (r *Reader) Dialect() Dialect { return r.dialect }

// Counts accounts for the lines read so far, all of them after io.EOF.
func (r *Reader) Counts() Counts { return r.counts }

// Read gives the next record. Errors: io.EOF at the end, ErrLimit, those of the
// underlying reader.
func (r *Reader) Read() (Record, error) {
	for {
		line, _, ok := r.lines.peek(0)
		if !ok {
			r.counts.Blank += int64(r.pending)
			r.pending = 0
			r.counts.Lines = r.lines.number - 1
			if err := r.lines.failure(); err != nil {
				return Record{}, err
			}
			return Record{}, io.EOF
		}
		if len(line) == 0 && r.keep {
			r.pending++
			r.lines.advance(1)
			continue
		}
		if !r.keep && blankLine(line, r.split.delimiter) && !(r.empties && bytes.Contains(line, r.split.delimiter)) {
			r.counts.Blank++
			r.lines.advance(1)
			continue
		}
		if r.pending > 0 {
			rec := Record{Line: r.lines.number - int64(r.pending), Lines: 1, Cells: []string{""}}
			r.pending--
			r.count(1)
			return rec, nil
		}
		r.spent = len(line)
		cells, n, err := r.next(line)
		if err != nil {
			return Record{}, err
		}
		rec := Record{Line: r.lines.number, Lines: n, Cells: cells}
		r.lines.advance(n)
		if r.again && isRowOf(r.header, cells) {
			r.counts.Header += int64(n)
			continue
		}
		r.count(n)
		return rec, r.fits(rec)
	}
}

func (r *Reader) count(physical int) {
	r.counts.Records++
	r.counts.Record += int64(physical)
	r.counts.Lines = r.lines.number - 1 - int64(r.pending)
}

// fits holds the cells against the limit on fields.
func (r *Reader) fits(rec Record) error {
	if r.spent <= r.limits.FieldBytes && rec.Lines == 1 {
		return nil
	}
	for _, c := range rec.Cells {
		if len(c) > r.limits.FieldBytes {
			return &LimitError{Line: rec.Line, What: "a cell of bytes", Limit: r.limits.FieldBytes}
		}
	}
	return nil
}

// next cuts the record at the current line and says how many physical lines it
// has.
func (r *Reader) next(line []byte) ([]string, int, error) {
	plain := r.split.plain(line)
	if !plain {
		r.first = append(r.first[:0], line...)
	}
	cells, n, v := r.split.record(r.lines)
	if v == tooWide {
		return nil, 0, &LimitError{Line: r.lines.number, What: "a record of cells", Limit: r.limits.Columns}
	}
	expected := r.expected()
	if v == wellFormed && (n == 1 || r.usual(len(cells))) {
		if n == 1 && !plain && !r.usual(len(cells)) {
			if parted := r.split.parted(string(r.first), len(cells), expected); parted != nil {
				r.counts.Repaired++
				return parted, 1, nil
			}
		}
		r.last = len(cells)
		return cells, n, nil
	}
	if v == badQuote {
		if cells := r.foreignQuoted(string(r.first)); cells != nil {
			r.counts.Repaired++
			return cells, 1, nil
		}
	}
	alone := r.split.repair(string(r.first), expected)
	if v == wellFormed {
		// The quote closes lines below, but the record is like no other: if the
		// lines it swallows are records of their own, the quote was text.
		if len(expected) > 0 && r.usual(len(alone.cells)) && r.swallowed(n) {
			r.counts.Repaired++
			return r.narrow(alone.cells, 1)
		}
		r.last = len(cells)
		return cells, n, nil
	}
	r.counts.Repaired++
	if joined, n := r.join(alone, expected); n > 0 {
		return r.narrow(joined.cells, n)
	}
	if err := r.lines.failure(); err != nil && r.lines.head == len(r.lines.spans) {
		return nil, 0, err
	}
	return r.narrow(alone.cells, 1)
}

// swallowed says that of the n physical lines of a record, those after the
// first are mostly records of the usual width.
func (r *Reader) swallowed(n int) bool {
	alike := 0
	looked := min(n, 100) - 1
	for i := 1; i <= looked; i++ {
		line, _, ok := r.lines.peek(i)
		if ok && r.usual(bytes.Count(line, r.split.delimiter)+1) {
			alike++
		}
	}
	return alike*2 >= looked
}

// narrow holds repaired cells against the limit on columns.
func (r *Reader) narrow(cells []string, n int) ([]string, int, error) {
	if len(cells) > r.limits.Columns {
		return nil, 0, &LimitError{Line: r.lines.number, What: "a record of cells", Limit: r.limits.Columns}
	}
	return cells, n, nil
}

// join tries whether a quote that opens on this line closes on one of the next,
// with misplaced quotes between: 0 lines when that explains nothing better.
func (r *Reader) join(alone repaired, expected []int) (repaired, int) {
	if len(expected) == 0 || r.failed >= joinFailed || !r.open(alone, expected) {
		return repaired{}, 0
	}
	_, end, _ := r.lines.peek(0)
	text := append(slices.Clone(r.first), end...)
	for i := 1; i < joinLines; i++ {
		line, end, ok := r.lines.peek(i)
		if !ok || len(text)+len(line) > joinBytes {
			break
		}
		text = append(text, line...)
		if bytes.Contains(line, r.split.closing) {
			if all := r.split.repair(string(text), expected); all.cost < alone.cost && r.usual(len(all.cells)) {
				return all, i + 1
			}
		}
		text = append(text, end...)
	}
	r.failed++
	return repaired{}, 0
}

// open says that a line read alone may go on below: it has too few cells, or
// its last cell starts with a quote that is taken for text.
func (r *Reader) open(alone repaired, expected []int) bool {
	last := alone.cells[len(alone.cells)-1]
	return len(alone.cells) < slices.Max(expected) || bytes.HasPrefix([]byte(last), r.split.opening)
}

// usual says that records of this width were seen.
func (r *Reader) usual(width int) bool { return slices.Contains(r.expected(), width) }

func (r *Reader) expected() []int {
	var out []int
	for _, w := range []int{r.modal, r.named, r.last} {
		if w > 0 && !slices.Contains(out, w) {
			out = append(out, w)
		}
	}
	return out
}
