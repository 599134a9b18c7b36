package dialect

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// written is one way to write tables.
type written struct {
	delimiter, quote, escape, end string
	all                           bool // every cell in quotes
}

// ways are the combinations that FuzzRoundTrip and its property choose from.
func ways(n uint) written {
	pick := func(from ...string) string {
		s := from[n%uint(len(from))]
		n /= uint(len(from))
		return s
	}
	w := written{
		delimiter: pick(",", ";", "\t", "|", " ", "||", ", ", "::", "§", "\x1f", "a"),
		quote:     pick(`"`, "'", "“”", "«»", "`", ""),
		escape:    pick("closing", `\`, "^", ""),
		end:       pick("\n", "\r\n", "\r"),
	}
	if w.escape == "closing" {
		_, w.escape = marks(w.quote)
	}
	w.all = n%2 == 0
	return w
}

// can is what the dialect can say of a cell: without an escape there is no
// closing quote in a text, without quotes no line end. The controls from U+0080
// are read as what they were in Windows-1252.
func (w written) can(cell string) string {
	cell = strings.ReplaceAll(strings.ToValidUTF8(cell, ""), "\ufeff", "")
	cell = strings.Map(func(r rune) rune {
		if r >= 0x80 && r <= 0x9f {
			return -1
		}
		return r
	}, cell)
	_, closing := marks(w.quote)
	if w.quote != "" && w.escape == "" {
		return strings.ReplaceAll(cell, closing, "")
	}
	if w.quote == "" {
		cell = strings.NewReplacer("\r", "", "\n", "").Replace(cell)
		if w.escape == "" {
			cell = strings.Map(func(r rune) rune {
				if strings.ContainsRune(w.delimiter, r) {
					return -1
				}
				return r
			}, cell)
		}
		return cell
	}
	return cell
}

func (w written) cell(c string) string {
	opening, closing := marks(w.quote)
	if w.quote == "" {
		if w.escape == "" {
			return c
		}
		c = strings.ReplaceAll(c, w.escape, w.escape+w.escape)
		// Each character of a longer delimiter would be text if escaped alone.
		return strings.ReplaceAll(c, w.delimiter, w.escape+w.delimiter)
	}
	if !w.all && c != "" && strings.TrimSpace(c) == c && !strings.ContainsAny(c, "\r\n"+w.quote+w.delimiter) {
		return c
	}
	if w.escape != "" && w.escape != closing {
		c = strings.ReplaceAll(c, w.escape, w.escape+w.escape)
	}
	if w.escape != "" {
		c = strings.ReplaceAll(c, closing, w.escape+closing)
	}
	return opening + c + closing
}

// roundTrip writes a table and holds that reading it with the dialect declared
// gives the same.
func roundTrip(t *testing.T, w written, width int, cells []string, header int) {
	t.Helper()
	if w.quote == "" && utf8.RuneCountInString(w.delimiter) > 1 {
		return // a cell may end with a part of the delimiter
	}
	var table [][]string
	var text strings.Builder
	for row := range slices.Chunk(cells, width) {
		if len(row) < width {
			break
		}
		row = slices.Clone(row)
		var line []string
		for i := range row {
			row[i] = w.can(row[i])
			if w.quote == "" && i == 0 {
				row[0] = "x" + row[0] // a line of blanks is no record
			}
			line = append(line, w.cell(row[i]))
		}
		table = append(table, row)
		text.WriteString(strings.Join(line, w.delimiter) + w.end)
	}
	header = min(header, len(table))
	if slices.ContainsFunc(table[header:], func(row []string) bool { return isRowOf(table[:header], row) }) {
		return // a header again, which is no record
	}
	zero := 0
	r := newReader(t, []byte(text.String()), Declared{
		Delimiter: &w.delimiter, Quote: &w.quote, Escape: &w.escape, Encoding: encUTF8, HeaderLines: &header, PreambleLines: &zero,
	})
	got := slices.Concat(r.Header(), records(t, r))
	if !slices.EqualFunc(table, got, slices.Equal) {
		t.Errorf("%+v\nwrote %q\nread  %q\nfile  %q", w, table, got, text.String())
	}
}

// Any table whose rows have one width, written in any dialect, is read back as
// it was.
func TestRoundTrip(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	parts := []string{"", "a", "texto", " ", ",", ";", "\t", "|", "||", ":", "'", `"`, `""`, "“", "”", "«", "»", "`", `\`, `\\`, "^", "\n", "\r\n", "\r", "12.5", "ñandú", "§", "\x1f", "\x00", "x,y", `"x",`, "💧"}
	for n := range uint(6000) {
		width := 1 + r.IntN(6)
		cells := make([]string, width*(1+r.IntN(8)))
		for i := range cells {
			for range r.IntN(4) {
				cells[i] += parts[r.IntN(len(parts))]
			}
		}
		roundTrip(t, ways(n), width, cells, r.IntN(3))
		if t.Failed() {
			return
		}
	}
}

func FuzzRoundTrip(f *testing.F) {
	for n, cells := range []string{"a|b|c|d", "a\n|b\r|\"|'", "\\|\\\\|^|^^", " || |x", "“|”|«|»"} {
		f.Add(uint(n*37), uint8(n), cells)
	}
	f.Fuzz(func(t *testing.T, n uint, width uint8, cells string) {
		roundTrip(t, ways(n), 1+int(width%8), strings.Split(cells, "|"), int(width>>3)%3)
	})
}
