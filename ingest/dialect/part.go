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
		case r.count == 2 && s.emptyCell(line, r.at, end):
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

// emptyCell says that line[at:end] is a cell of its own: quotes with nothing
// between them.
func (s *splitter) emptyCell(line string, at, end int) bool {
	before, after := line[:at], line[end:]
	return (before == "" || strings.HasSuffix(before, string(s.delimiter))) && (after == "" || strings.HasPrefix(after, string(s.delimiter)))
}

// foreignDelimiters are what a single row may have in place of the file's
// delimiter.
func foreignDelimiters() []string { return []string{";", ",", "\t", "|", " "} }

// foreign cuts a header that has one cell where the records have several, if
// another delimiter gives it just as many: headers are at times written by
// another program than their tables.
func (r *Reader) foreign(cells []string) []string {
	if len(cells) != 1 || r.modal < 3 {
		return cells
	}
	for _, delimiter := range foreignDelimiters() {
		if other := r.under(delimiter, cells[0]); len(other) == r.modal && !slices.Contains(other, "") {
			r.counts.Repaired++
			return other
		}
	}
	return cells
}

// foreignQuoted cuts a line that another delimiter explains without rest: it
// gives as many cells as the records have, every one of them in quotes. nil
// when none does; words between blanks are no cells.
func (r *Reader) foreignQuoted(line string) []string {
	opening, closing := marks(r.dialect.Quote)
	if r.modal < 3 || !strings.HasPrefix(line, opening) || !strings.HasSuffix(line, closing) {
		return nil
	}
	for _, delimiter := range foreignDelimiters() {
		if strings.Count(line, closing+delimiter+opening) < r.modal-1 {
			continue
		}
		if cells := r.under(delimiter, line); len(cells) == r.modal {
			return cells
		}
	}
	return nil
}

// under cuts one line by another delimiter, nil when its quotes follow no rule.
func (r *Reader) under(delimiter, line string) []string {
	if delimiter == r.dialect.Delimiter {
		return nil
	}
	d := r.dialect
	d.Delimiter = delimiter
	cells, n, v := newSplitter(d, r.limits).record(newLines(strings.NewReader(line), len(line)+1))
	if v != wellFormed || n != 1 {
		return nil
	}
	return cells
}
