package dialect

import (
	"errors"
	"io"
	"slices"
	"strings"
)

// top reads preamble and header.
func (r *Reader) top(t table) error {
	for range r.dialect.PreambleLines {
		if _, _, ok := r.lines.peek(0); !ok {
			break
		}
		r.lines.advance(1)
		r.counts.Preamble++
	}
	for i := range r.dialect.HeaderLines {
		r.empties = i > 0 // who counted the rows counted these
		rec, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		r.header = append(r.header, slices.Clone(r.foreign(rec.Cells)))
		r.counts.Records--
		r.counts.Record -= int64(rec.Lines)
		r.counts.Header += int64(rec.Lines)
	}
	r.empties = false
	r.again = t.unlike(r.header)
	if len(r.header) > 0 {
		r.named = len(r.header[0])
	}
	// Every second line blank is how some programs end lines, not an empty cell.
	r.keep = r.modal == 1 && t.blanks*3 < t.lines
	r.last = 0
	r.counts.Lines = r.lines.number - 1
	return r.lines.failure()
}

// unlike says that no record can look like the header: it has a name where the
// records have numbers or dates.
func (t table) unlike(header [][]string) bool {
	rows := slices.DeleteFunc(slices.Clone(t.rows), func(r row) bool { return isRowOf(header, r.cells) })
	for c := range widest(header) {
		named := slices.ContainsFunc(header, func(row []string) bool {
			return c < len(row) && !kindOf(row[c]).typed() && !kindOf(row[c]).blank()
		})
		typed, filled := 0, 0
		for _, r := range rows {
			if c >= len(r.kinds) || r.kinds[c].blank() {
				continue
			}
			filled++
			if r.kinds[c].typed() {
				typed++
			}
		}
		if named && typed > 0 && typed*5 >= filled*4 {
			return true
		}
	}
	return false
}

// isRowOf says that cells are one of the rows of a header, in files that were
// pasted below each other. One name alone may be a value.
func isRowOf(header [][]string, cells []string) bool {
	return slices.ContainsFunc(header, func(row []string) bool { return slices.Equal(row, cells) && !alone(row) })
}

func widest(rows [][]string) int {
	width := 0
	for _, row := range rows {
		width = max(width, len(row))
	}
	return width
}

// Header has the rows of the header, none when the file has no header.
func (r *Reader) Header() [][]string { return r.header }

// Names has one name per column, none when the file has no header: of a header
// of several rows, the words of a column joined by blanks. A word with empty
// cells to its right belongs to those columns too, as merged cells are saved.
func (r *Reader) Names() []string {
	if len(r.header) == 0 {
		return []string{}
	}
	if len(r.header) == 1 {
		return r.header[0]
	}
	width := widest(r.header)
	parts := make([][]string, width)
	for i, row := range r.header {
		group := ""
		for c := range width {
			word := ""
			if c < len(row) {
				word = row[c]
			}
			below := anyText(r.header[i+1:], c)
			switch {
			case strings.TrimSpace(word) != "":
				group = ""
				if below && !alone(row) {
					group = word
				}
			case below:
				word = group
			}
			if strings.TrimSpace(word) != "" {
				parts[c] = append(parts[c], word)
			}
		}
	}
	out := make([]string, width)
	for c, words := range parts {
		out[c] = strings.Join(words, " ")
	}
	return out
}

// anyText says that a row has text in column c.
func anyText(rows [][]string, c int) bool {
	return slices.ContainsFunc(rows, func(row []string) bool { return c < len(row) && strings.TrimSpace(row[c]) != "" })
}

// alone says that a row has one text only: a title, of no column in particular.
func alone(row []string) bool {
	n := 0
	for _, c := range row {
		if strings.TrimSpace(c) != "" {
			n++
		}
	}
	return n < 2
}
