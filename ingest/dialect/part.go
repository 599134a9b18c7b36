package dialect

import (
	"bytes"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

const partTries = 8 // places of one line where a missing delimiter is tried

// parted reads a line of an unusual number of cells as if one delimiter were
// missing beside a quote, nil when that explains nothing: a"b" are two cells if
// the line has then a usual width, and so are "a""b" if nothing else in it is
// doubled.
func (s *splitter) parted(line string, have int, expected []int) []string {
	for _, at := range s.seams(line, slices.Contains(expected, have+1)) {
		t := splitter{
			delimiter: s.delimiter, opening: s.opening, closing: s.closing, escape: s.escape,
			limits: s.limits, doubled: s.doubled, work: s.work,
		}
		text := line[:at] + string(s.delimiter) + line[at:]
		cells, n, v := t.record(newLines(strings.NewReader(text), len(text)+1))
		if v == wellFormed && n == 1 && slices.Contains(expected, len(cells)) {
			return cells
		}
	}
	return nil
}

// seams lists where a delimiter may be missing: between text and the quote that
// opens the next cell, and between two quotes. Blanks beside a quote speak for
// a text with quotes in it.
func (s *splitter) seams(line string, between bool) []int {
	var out, pairs []int
	for _, r := range s.runs(line) {
		end := r.at + r.count*len(s.closing)
		before, _ := utf8.DecodeLastRuneInString(line[:r.at])
		after, _ := utf8.DecodeRuneInString(line[end:])
		inside := r.at > 0 && end < len(line) && !bytes.HasSuffix([]byte(line[:r.at]), s.delimiter) && !unicode.IsSpace(before) && !unicode.IsSpace(after)
		switch {
		case r.count == 2 && r.at > 0:
			pairs = append(pairs, -1)
			if inside && !strings.HasPrefix(line[end:], string(s.delimiter)) {
				pairs[len(pairs)-1] = r.at + len(s.closing)
			}
		case r.count > 2:
			pairs = append(pairs, -1)
		case inside && r.count == 1 && !strings.HasPrefix(line[end:], string(s.delimiter)) && len(out) < partTries:
			out = append(out, r.at)
		}
	}
	if between && s.doubled && len(pairs) == 1 && pairs[0] > 0 {
		out = append(out, pairs[0])
	}
	return out
}
