package gate

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/gttim/cauce/data"
	"github.com/gttim/cauce/ingest/gate/split"
	"github.com/gttim/cauce/ingest/ingesttest"
	"github.com/xuri/excelize/v2"
)

// everyLine holds that each physical line belongs to exactly one of header,
// accepted record, quarantined record, declared skip, blank line, or what was not
// read of a refused file. It cuts the text itself, byte by byte, so that the gate's
// own cutting is not its witness.
func (g gated) everyLine(tb testing.TB, content string) {
	tb.Helper()
	t := g.total
	if g.early { // nothing was read: all lines are the remainder
		if t.Records != 0 || t.RecordLines != t.Physical {
			tb.Errorf("a file refused unread: %+v", t)
		}
		return
	}
	r, err := g.dec.Reader(strings.NewReader(content))
	if err != nil {
		tb.Fatal(err)
	}
	text, err := io.ReadAll(r)
	if err != nil {
		tb.Fatal(err)
	}
	accepted := map[int64]bool{}
	for _, r := range g.rows {
		var line int64
		if _, err := fmt.Sscan(r[0], &line); err != nil {
			tb.Fatal(err)
		}
		accepted[line] = true
	}
	var total, quarantined, skipped, blank, records int64
	held := map[int64]int64{}
	if err := g.found.quarantine.Each(func(list []Held) error {
		for _, h := range list {
			if held[h.Line] != 0 {
				tb.Errorf("line %d is in quarantine twice", h.Line)
			}
			held[h.Line] = int64(h.Lines)
			delete(accepted, h.Line) // it came before its key was seen twice
		}
		return nil
	}); err != nil {
		tb.Fatal(err)
	}
	at, line := 0, int64(1)
	for at < len(text) {
		end, lines := cutRecord(text, at, g.ds.Delimiter[0])
		raw := strings.TrimRight(string(text[at:end]), "\r\n")
		start := line
		line += lines
		total += lines
		at = end
		if start <= t.Header+blank && total <= t.Header+blank && strings.Trim(raw, " \t\r") != "" && records == 0 && !accepted[start] && held[start] == 0 {
			continue // the header and the titles above it
		}
		switch n := held[start]; {
		case n > 0 && n != lines && at < len(text):
			// An overlong record takes the rest of the file with it.
			quarantined += n
			total = start - 1 + n
			at = len(text)
			records++
		case n > 0:
			quarantined += n
			records++
		case accepted[start]:
			records++
			delete(accepted, start)
		case strings.Trim(raw, " \t\r") == "":
			blank += lines
		default:
			// A declared skip, or an accepted record without a published month.
			skipped++
			records++
		}
	}
	if len(accepted) > 0 {
		tb.Errorf("rows of lines where no record starts: %v", accepted)
	}
	if total != t.Physical || blank != t.Blank || records != t.Records || int64(len(held)) != t.Quarantined {
		tb.Errorf("by the text: %d lines, %d blank, %d records, %d set aside; the gate says %+v", total, blank, records, len(held), t)
	}
	if g.value == nil && skipped != t.Skipped {
		tb.Errorf("by the text %d records were skipped, the gate says %d", skipped, t.Skipped)
	}
}

// cutRecord gives where the record that starts at from ends and how many lines it
// spans.
func cutRecord(text []byte, from int, delim byte) (end int, lines int64) {
	quoted, start := false, true
	for i := from; i < len(text); i++ {
		c := text[i]
		if c == '\n' {
			lines++
			if !quoted {
				return i + 1, lines
			}
			continue
		}
		switch {
		case quoted && c == '"' && i+1 < len(text) && text[i+1] == '"':
			i++
		case quoted && c == '"':
			quoted = false
		case !quoted && start && c == '"':
			quoted = true
		}
		start = !quoted && c == delim
	}
	if len(text) > 0 && text[len(text)-1] != '\n' {
		lines++
	}
	return len(text), lines
}

// Whatever the file, by the file's own text each line has one place.
func TestEveryLineHasOnePlace(t *testing.T) {
	decls := ingesttest.Declarations(t, nil)
	r := rand.New(rand.NewPCG(21, 22))
	for i := range 400 {
		dataset, content := generated(r)
		if i%3 != 0 {
			content = mutated(r, content)
		}
		g := passGate(t, decls, dataset, content)
		g.everyLine(t, content)
		if t.Failed() {
			t.Fatalf("file %d of %s: %q", i, dataset, content)
		}
	}
}

// The same of workbooks: a row is a line, whatever its cells hold.
func TestEveryRowHasOnePlace(t *testing.T) {
	decls := ingesttest.Declarations(t, map[string]string{
		"prueba-libro": "workbook: {}\n" + strings.Replace(ingesttest.Events, "skip_rows", "reject: {rows: 100, share: 0.9}\nskip_rows", 1),
	})
	r := rand.New(rand.NewPCG(23, 24))
	pick := func(from ...any) any { return from[r.IntN(len(from))] }
	for i := range 60 {
		f := excelize.NewFile()
		rows := [][]any{{"texto", "mes", "entidad", "tipo", "eventos"}}
		for range r.IntN(30) {
			switch r.IntN(10) {
			case 0:
				rows = append(rows, nil)
			case 1:
				rows = append(rows, []any{"Fuente: nosotros"})
			default:
				rows = append(rows, []any{pick("x", "dos\nlíneas, \"y\"", nil), r.IntN(14), pick("Chiapas", 7, "Narnia", nil), pick("a", "b", nil), pick(1, 2, "12.5", -1, nil)})
			}
		}
		last := 0
		for n, row := range rows {
			if row == nil {
				continue
			}
			last = n + 1
			if err := f.SetSheetRow("Sheet1", fmt.Sprintf("A%d", n+1), &row); err != nil {
				t.Fatal(err)
			}
		}
		var b bytes.Buffer
		if err := f.Write(&b); err != nil {
			t.Fatal(err)
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
		g := passSheet(t, decls, "prueba-libro", b.Bytes())
		places := map[string]int{}
		if err := g.found.quarantine.Each(func(list []Held) error {
			for _, h := range list {
				places[fmt.Sprint(h.Line)] += 10
				if h.Lines != 1 {
					t.Errorf("row %d spans %d lines", h.Line, h.Lines)
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		for _, row := range g.rows {
			places[row[0]]++
		}
		kept := int64(0)
		for line, n := range places {
			if n%10 > 1 || n/10 > 1 {
				t.Errorf("row %s has more than one place", line)
			}
			if n == 1 {
				kept++
			}
		}
		if tt := g.total; !g.early && (tt.Physical != int64(last) || tt.Accepted != kept) {
			t.Errorf("workbook %d: last row %d, %d rows kept; the gate says %+v", i, last, kept, tt)
		}
		for _, p := range g.problems(t) {
			if (p.Rule == data.RuleDuplicateKey || p.Rule == data.RuleDuplicateRow) && p.Column != 2 {
				t.Errorf("the key's cell is the second, not %d", p.Column)
			}
		}
	}
}

// passSheet runs a workbook through the gate alone.
func passSheet(tb testing.TB, decls *data.Declarations, dataset string, content []byte) gated {
	tb.Helper()
	p := split.NewProfile()
	p.Add(content)
	p.Finish()
	ds := decls.Dataset(dataset)
	g, err := Open(context.Background(), Input{Dataset: ds, Reference: decls.Reference, Name: "f.xlsx", Profile: *p, Temp: tb.TempDir(),
		Day: ingesttest.Day("2025-06-03"), Open: func() (io.ReadCloser, error) { return readerAt{bytes.NewReader(content)}, nil }})
	if err != nil {
		tb.Fatal(err)
	}
	out := gated{Gate: g}
	if err := g.Run(1, func(b *Batch) error {
		for n := range b.N {
			out.rows = append(out.rows, []string{fmt.Sprint(b.Lines[n])})
		}
		return nil
	}); err != nil {
		tb.Fatal(err)
	}
	if err := g.Finish(context.Background()); err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { g.Close() })
	out.holds(tb)
	return out
}

type readerAt struct{ *bytes.Reader }

func (readerAt) Close() error { return nil }

// FuzzWorkbook: whatever the bytes of a workbook, the account holds and nothing
// but rules that are declared comes out.
func FuzzWorkbook(f *testing.F) {
	decls := ingesttest.Declarations(f, map[string]string{"prueba-libro": "workbook: {}\n" + ingesttest.Events})
	book := excelize.NewFile()
	for n, row := range [][]any{{"mes", "entidad", "eventos"}, {1, "Chiapas", 5}, {2, "Narnia", "x"}} {
		if err := book.SetSheetRow("Sheet1", fmt.Sprintf("A%d", n+1), &row); err != nil {
			f.Fatal(err)
		}
	}
	var b bytes.Buffer
	if err := book.Write(&b); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Add(b.Bytes()[:b.Len()/2])
	f.Fuzz(func(t *testing.T, content []byte) {
		g := passSheet(t, decls, "prueba-libro", content)
		for _, p := range g.problems(t) {
			if _, ok := data.RuleByID(p.Rule); !ok {
				t.Errorf("rule %q is not declared", p.Rule)
			}
		}
	})
}
