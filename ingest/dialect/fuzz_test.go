package dialect

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf8"
)

// holds reads content whole and proves that every physical line belongs to
// exactly one of preamble, header, blank lines and records, that records come
// in the order of their lines, and that all printed is JSON.
func holds(t *testing.T, content []byte, d Declared) {
	t.Helper()
	limits := Limits{SampleBytes: 4 << 10, RecordBytes: 64 << 10, FieldBytes: 32 << 10, RecordLines: 200, Columns: 500}
	r, err := NewReader(bytes.NewReader(content), d, limits)
	if errors.Is(err, ErrDialect) || errors.Is(err, ErrLimit) {
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	next := r.counts.Preamble + 1
	var records, physical int64
	for {
		rec, err := r.Read()
		if errors.Is(err, ErrLimit) {
			return
		}
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if rec.Line < next || rec.Lines < 1 || len(rec.Cells) == 0 {
			t.Fatalf("record of %d lines at %d, expected at %d or below: %q", rec.Lines, rec.Line, next, rec.Cells)
		}
		next = rec.Line + int64(rec.Lines)
		records++
		physical += int64(rec.Lines)
		for _, c := range rec.Cells {
			if !utf8.ValidString(c) {
				t.Fatalf("line %d: %q is no UTF-8", rec.Line, c)
			}
		}
	}
	c := r.Counts()
	if c.Lines != c.Preamble+c.Header+c.Blank+c.Record || c.Records != records || c.Record != physical {
		t.Fatalf("%+v, read %d records on %d lines", c, records, physical)
	}
	text, err := io.ReadAll(r.lines.r)
	if err != nil || len(text) > 0 {
		t.Fatalf("%d bytes left, %v", len(text), err)
	}
	if want := countLines(t, content, d); c.Lines != want {
		t.Fatalf("%d lines, the text has %d", c.Lines, want)
	}
	again, err := NewReader(bytes.NewReader(content), d, limits)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := WriteJSONLines(context.Background(), &out, again); err != nil {
		t.Fatal(err)
	}
	for line := range bytes.Lines(out.Bytes()) {
		if !json.Valid(line) {
			t.Fatalf("no JSON: %s", line)
		}
	}
}

// countLines counts line ends apart from the reader.
func countLines(t *testing.T, content []byte, d Declared) int64 {
	t.Helper()
	enc, err := chooseEncoding(d.Encoding, content[:min(len(content), 4<<10)], len(content) < 4<<10)
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(enc.reader(bytes.NewReader(content[enc.skip:])))
	if err != nil {
		t.Fatal(err)
	}
	s := strings.ReplaceAll(strings.ReplaceAll(string(b), "\r\n", "\n"), "\r", "\n")
	n := int64(strings.Count(s, "\n"))
	if s != "" && !strings.HasSuffix(s, "\n") {
		n++
	}
	return n
}

func FuzzRead(f *testing.F) {
	seen := map[string]bool{}
	for _, p := range suite() {
		if !seen[p.kind] && len(p.content) < 16<<10 {
			seen[p.kind] = true
			start := p.content[:min(len(p.content), 400)] // what is short is cut down to its essence fast
			f.Add(start, ",", `"`, `"`, true)
			f.Add(start, "", "", "", false)
		}
	}
	f.Fuzz(func(t *testing.T, content []byte, delimiter, quote, escape string, declare bool) {
		var d Declared
		if declare {
			d = Declared{Delimiter: &delimiter, Quote: &quote, Escape: &escape}
		}
		holds(t, content, d)
	})
}

// Every line is accounted for in the suite and in damaged copies of it.
func TestRead_everyLine(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for i, p := range suite() {
		if len(p.content) > 64<<10 {
			continue
		}
		b := bytes.Clone(p.content)
		for range r.IntN(5) {
			if len(b) == 0 {
				break
			}
			at := r.IntN(len(b))
			switch r.IntN(3) {
			case 0:
				b[at] = byte(r.IntN(256))
			case 1:
				b = append(b[:at], b[min(len(b), at+r.IntN(9)):]...)
			default:
				b = append(b[:at], append([]byte{",\"\n\r;\x00\\'"[r.IntN(8)]}, b[at:]...)...)
			}
		}
		d := Declared{}
		if i%2 == 0 {
			d = p.declared
		}
		holds(t, b, d)
	}
}

// Files made to hurt: each must end, in memory that does not grow with it.
func TestRead_hostile(t *testing.T) {
	for name, content := range map[string]string{
		"open quotes":       strings.Repeat("\"a,b\n", 200_000),
		"quotes":            strings.Repeat(`"`, 3<<20),
		"quotes and commas": strings.Repeat(`",`, 30_000) + "\n" + strings.Repeat(`,"`, 30_000),
		"runs":              strings.Repeat("\"\"\"\n", 200_000),
		"stray":             strings.Repeat("\"a\"b\"c,\"d\"e\n", 50_000),
		"escapes":           "\"" + strings.Repeat(`\\`, 1<<20) + "\n" + strings.Repeat("\"\\\"\n", 1000),
		"carriage returns":  strings.Repeat("a,b\r", 500_000),
		"line ends":         strings.Repeat("\n", 2<<20),
		"noise":             noise(1 << 20),
	} {
		r, err := NewReader(strings.NewReader(content), Declared{}, Limits{})
		for err == nil {
			_, err = r.Read()
		}
		if !errors.Is(err, io.EOF) && !errors.Is(err, ErrLimit) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func noise(n int) string {
	r := rand.New(rand.NewPCG(5, 6))
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(r.IntN(256))
	}
	return string(b)
}

// endless repeats a text up to a number of bytes.
type endless struct {
	text string
	left int
}

func (e *endless) Read(p []byte) (int, error) {
	if e.left <= 0 {
		return 0, io.EOF
	}
	n := 0
	for n < len(p) {
		n += copy(p[n:], e.text[(len(e.text)-e.left%len(e.text))%len(e.text):])
		e.left -= n
	}
	return n, nil
}

// What is held of a file does not grow with it.
func TestRead_memory(t *testing.T) {
	limits := Limits{SampleBytes: 16 << 10, FieldBytes: 32 << 10, RecordBytes: 64 << 10, RecordLines: 200, Columns: 500}
	for _, text := range []string{"1,2,3\n", "\"a,b\n", "\"a\"\"\n,\n", "\n", "\"a\"b,\"c\n", ",\r"} {
		r, err := NewReader(&endless{text, 8 << 20}, Declared{}, limits)
		for err == nil {
			_, err = r.Read()
		}
		if !errors.Is(err, io.EOF) && !errors.Is(err, ErrLimit) {
			t.Errorf("%q: %v", text, err)
		}
		if r == nil {
			continue
		}
		if held := cap(r.lines.buf) + cap(r.split.text) + cap(r.first); held > 4<<20 || cap(r.lines.spans) > 1<<20 {
			t.Errorf("%q: %d bytes and %d lines held", text, held, cap(r.lines.spans))
		}
	}
}
