package split

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// Whichever way a record is cut, by the eight bytes or by the quotes, it is cut the same.
func TestScanner_sameByEitherWay(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 20_000 {
		text := mess(r, 1+r.IntN(60))
		got, want := records(text, (*Scanner).Next), records(text, func(s *Scanner) bool {
			if s.at >= len(s.Block.Data) {
				return false
			}
			s.Rec = Record{Line: s.line, Lines: 1, Quote: -1}
			s.exact(s.Block.Data[s.at:])
			return true
		})
		if got != want {
			t.Fatalf("%q:\n%s\nby its quotes:\n%s", text, got, want)
		}
	}
}

// Blocks end where records do, wherever the text is cut, and as late as can be.
func TestBlocks_cutAtRecordEnds(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 50_000 {
		text := mess(r, 1+r.IntN(60))
		s := &Blocks{delim: ','}
		end := s.cut(&Block{Data: []byte(text)})
		want := 0
		for at := 0; at >= 0; at = slowEnd(text, at) {
			want = at
		}
		if end != want {
			t.Fatalf("%q is cut at %d, its last whole record ends at %d", text, end, want)
		}
	}
}

// slowEnd is recordEnd, byte by byte.
func slowEnd(text string, at int) int {
	for at < len(text) {
		if text[at] == '"' {
			for at++; ; at++ {
				if at >= len(text) {
					return -1
				}
				if text[at] != '"' {
					continue
				}
				if at+1 == len(text) || text[at+1] != '"' {
					break
				}
				at++
			}
		}
		for at < len(text) && text[at] != ',' && text[at] != '\n' {
			at++
		}
		if at < len(text) && text[at] == '\n' {
			return at + 1
		}
		at++
	}
	return -1
}

// mess is a text of n characters of those that cutting hangs on.
func mess(r *rand.Rand, n int) string {
	of := []string{"a", "b", ",", "\n", "\r\n", `"`, `""`, `","`, `"x",`, `,"x",5`, "\"y\"\n", "\"zeta\"\r\n", "abcdefgh"}
	var b strings.Builder
	for range n {
		b.WriteString(of[r.IntN(len(of))])
	}
	return b.String()
}

func records(text string, next func(*Scanner) bool) string {
	s := NewScanner(',')
	s.Block = Block{Data: []byte(text), Line: 1, Quoted: bytes.ContainsRune([]byte(text), '"')}
	s.Reset()
	var b strings.Builder
	for next(&s) {
		fmt.Fprintf(&b, "%d+%d %q %q quote %d open %v\n", s.Rec.Line, s.Rec.Lines, s.Rec.Raw, s.Rec.Cells, s.Rec.Quote, s.Rec.Open)
	}
	return b.String()
}
