package dialect

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// ErrLimit is a file that goes beyond a declared limit; LimitError has where.
var ErrLimit = errors.New("limit exceeded")

// ErrDialect is a declared dialect that no file can have.
var ErrDialect = errors.New("impossible dialect")

// Dialect is how the records of a file are written.
type Dialect struct {
	Delimiter     string `json:"delimiter"`      // between cells, one character or several; "" for one cell a record
	Quote         string `json:"quote"`          // one character, or an opening and a closing one; "" for none
	Escape        string `json:"escape"`         // before a quote inside quotes; the quote itself when doubled, "" for none
	Encoding      string `json:"encoding"`       // of the bytes, as in utf-8, utf-8-bom, utf-16le, windows-1252
	HeaderLines   int    `json:"header_lines"`   // records of the header: a cell with a line break in it makes no second one, a row of delimiters alone below the first does
	PreambleLines int    `json:"preamble_lines"` // physical lines above the header, blank ones included
}

// Declared is the part of a dialect that is known; what is nil or "" is
// detected.
type Declared struct {
	Delimiter, Quote, Escape   *string
	Encoding                   string
	HeaderLines, PreambleLines *int
}

// Limits bound what one file may make the process hold. A zero field stands for
// the default.
type Limits struct {
	SampleBytes int // bytes that detection looks at (1 MiB)
	FieldBytes  int // bytes of one cell (8 MiB)
	RecordBytes int // bytes of one record (16 MiB)
	RecordLines int // physical lines of one record (10,000); a quote open for longer is text
	Columns     int // cells of one record (65,536)
}

// DefaultLimits are the documented limits.
func DefaultLimits() Limits {
	return Limits{SampleBytes: 1 << 20, FieldBytes: 8 << 20, RecordBytes: 16 << 20, RecordLines: 10_000, Columns: 65_536}
}

func (l Limits) orDefault() Limits {
	d := DefaultLimits()
	for _, f := range []struct {
		have *int
		def  int
	}{
		{&l.SampleBytes, d.SampleBytes}, {&l.FieldBytes, d.FieldBytes}, {&l.RecordBytes, d.RecordBytes},
		{&l.RecordLines, d.RecordLines}, {&l.Columns, d.Columns},
	} {
		if *f.have <= 0 {
			*f.have = f.def
		}
	}
	return l
}

// LimitError says which limit the record at a physical line exceeds. It is
// ErrLimit.
type LimitError struct {
	Line  int64
	What  string // a cell, a record, the columns
	Limit int    // bytes or cells
}

func (e *LimitError) Error() string {
	return fmt.Sprintf("line %d: %s of more than %d", e.Line, e.What, e.Limit)
}

func (e *LimitError) Is(target error) bool { return target == ErrLimit }

// check refuses a dialect whose parts cannot be told apart.
func (d Declared) check() error {
	delimiter, quote, escape := value(d.Delimiter), value(d.Quote), value(d.Escape)
	switch {
	case !utf8.ValidString(delimiter + quote + escape):
		return fmt.Errorf("delimiter, quote or escape is not UTF-8: %w", ErrDialect)
	case strings.ContainsAny(delimiter+quote+escape, "\r\n"):
		return fmt.Errorf("a line end as delimiter, quote or escape: %w", ErrDialect)
	case len(delimiter) > 16:
		return fmt.Errorf("delimiter of more than 16 bytes: %w", ErrDialect)
	case utf8.RuneCountInString(quote) > 2:
		return fmt.Errorf("quote %q has more than an opening and a closing character: %w", quote, ErrDialect)
	case utf8.RuneCountInString(escape) > 1:
		return fmt.Errorf("escape %q is more than one character: %w", escape, ErrDialect)
	case quote != "" && strings.ContainsAny(delimiter, quote):
		return fmt.Errorf("delimiter %q has the quote %q: %w", delimiter, quote, ErrDialect)
	case escape != "" && strings.Contains(delimiter, escape):
		return fmt.Errorf("delimiter %q has the escape %q: %w", delimiter, escape, ErrDialect)
	case d.HeaderLines != nil && (*d.HeaderLines < 0 || *d.HeaderLines > maxHeaderLines):
		return fmt.Errorf("%d header lines, 0 to %d are possible: %w", *d.HeaderLines, maxHeaderLines, ErrDialect)
	case d.PreambleLines != nil && *d.PreambleLines < 0:
		return fmt.Errorf("%d preamble lines: %w", *d.PreambleLines, ErrDialect)
	}
	return nil
}

// maxHeaderLines bounds what is held as header.
const maxHeaderLines = 100

func value(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// marks gives the opening and the closing quote.
func marks(quote string) (opening, closing string) {
	_, n := utf8.DecodeRuneInString(quote)
	if n == len(quote) {
		return quote, quote
	}
	return quote[:n], quote[n:]
}
