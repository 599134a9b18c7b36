package dialect

import (
	"slices"
	"strconv"
	"strings"
)

const (
	preambleSearch = 60 // rows from the top in which a preamble may end
	headerSearch   = 5  // rows that a detected header may have
	tableRows      = 3  // rows of one width that make a table of their own
	titleCells     = 8  // cells with text that a title does not have, however wide the table
)

// preambleRows counts the rows above the first table: those with hardly any
// cells, up to the first that is as full as the table's rows.
func preambleRows(t table, hintLines int) int {
	rows := t.rows
	from := 0
	for from < len(rows) && rows[from].line <= hintLines {
		from++
	}
	width := t.modal()
	if width < 2 {
		return from
	}
	end := min(len(rows), preambleSearch)
	first := from
	for first < end && !dense(rows[first], width) && !startsTable(rows[first:]) {
		first++
	}
	if first == end {
		return from
	}
	// Rows padded to full width: a title block ends with a blank line or an
	// empty row.
	last := first
	for last < end && padded(rows[last], width) {
		last++
	}
	if last > first && last < end && (rows[last].after || rows[last-1].filled() == 0) {
		return last
	}
	return first
}

// dense says that a row can be part of a table of this width. Two cells above
// four or more are a setting and its value.
func dense(r row, width int) bool {
	filled := r.filled()
	if len(r.cells) == width {
		return filled >= 2
	}
	return filled >= max(2, min((width+1)/2, titleCells)) && (len(r.cells) > 2 || width < 4)
}

// padded says that a row has the table's width but few cells with text.
func padded(r row, width int) bool { return len(r.cells) == width && r.filled() <= width/2 }

// startsTable says that a table of another width starts here: several rows
// alike, of three columns or more.
func startsTable(rows []row) bool {
	if len(rows) < tableRows || len(rows[0].cells) < 3 {
		return false
	}
	for i, r := range rows[:tableRows] {
		if len(r.cells) != len(rows[0].cells) || r.filled() < 2 || i > 0 && r.after {
			return false
		}
	}
	return true
}

// headerRows counts the rows of the header that starts at row from, rows of
// delimiters between them included; 0 when the first row is like the others.
func headerRows(t table, from int) int {
	if from >= len(t.rows) {
		return 0
	}
	width := bodyWidth(t, from)
	merged := 1
	body := min(from+headerSearch, len(t.rows)-2) // below every header, if there are that many rows
	for merged < headerSearch && from+merged+1 < len(t.rows) && namesUnder(t.rows[from:from+merged], t.rows[from+merged], t.columns(max(body, from+merged+1), width)) {
		merged++
	}
	columns := t.columns(from+merged, width)
	if !isHeader(t, from, columns) {
		return 0
	}
	n, empties := 1, 0
	for n < headerSearch && from+n+1 < len(t.rows) {
		r := t.rows[from+n]
		if n >= merged && (r.after || len(r.cells) != len(t.rows[from].cells) || !namesBelow(r, t.columns(from+n+1, width))) {
			break
		}
		empties += r.empties
		n++
	}
	return n + empties
}

// bodyWidth is the width of the table whose first row is from.
func bodyWidth(t table, from int) int {
	width, alike := len(t.rows[from].cells), 0
	for _, r := range t.rows[from+1 : min(len(t.rows), from+6)] {
		if len(r.cells) == width {
			alike++
		}
	}
	if alike >= 2 {
		return width
	}
	return table{rows: t.rows[from:]}.modal()
}

// isHeader weighs a row against the kinds of the columns below it.
func isHeader(t table, from int, columns []column) bool {
	first := t.rows[from]
	same, other := 0.0, 0.0
	for i, k := range first.kinds[:min(len(first.kinds), len(columns))] {
		c := columns[i]
		if k.blank() || c.filled == 0 {
			continue
		}
		switch digits := strings.ContainsAny(first.cells[i], "0123456789"); {
		case c.kind.typed() && k.typed():
			same++
		case c.kind.typed():
			other++
		case c.digits >= 0.9 && digits:
			same += 0.5
		case c.digits >= 0.9:
			other += 0.5
		}
	}
	if same == 0 && other == 0 {
		return namesAlone(t, from)
	}
	return other >= same || counting(first)
}

// counting says that the numbers of a row go up one by one beside other names,
// as years do above their columns.
func counting(r row) bool {
	last, n, names := 0, 0, 0
	for i, k := range r.kinds {
		if k != kindNumber {
			if !k.blank() {
				names++
			}
			continue
		}
		v, err := strconv.Atoi(strings.TrimSpace(r.cells[i]))
		if err != nil || n > 0 && v != last+1 {
			return false
		}
		last = v
		n++
	}
	return names > 0 && (n >= 3 || n == 2 && last > 1900 && last < 2200)
}

// namesAlone decides where no column has a kind: what stands again in the rows
// below is a value; a row alone is a header unless it is of numbers.
func namesAlone(t table, from int) bool {
	first, below := t.rows[from], t.rows[from+1:]
	again, filled, typed := 0, 0, 0
	for i, k := range first.kinds {
		if k == kindEmpty {
			continue
		}
		filled++
		if k.typed() {
			typed++
		}
		rows := 0
		for j, r := range below {
			if i < len(r.cells) && r.cells[i] == first.cells[i] && !repeats(first.cells, r.cells) && !(j > 0 && underTitle(below[j-1], r)) {
				rows++
			}
		}
		if rows > 1 {
			again++
		}
	}
	return again*3 < max(filled, 1) && typed*2 <= filled
}

// underTitle says that a further table starts at a row: right above it a title
// stands alone under a gap.
func underTitle(above, r row) bool {
	return (above.after || above.empties > 0) && above.filled() == 1 && !r.after && r.filled() > 1
}

// repeats says that one row starts with all of the other: the header of a
// further table.
func repeats(a, b []string) bool {
	n := min(len(a), len(b))
	return slices.Equal(a[:n], b[:n])
}

// namesBelow says that a row under a header is part of it: text where the
// columns have numbers or dates.
func namesBelow(r row, columns []column) bool {
	other, kinds := 0, 0
	for i, c := range columns[:min(len(columns), len(r.kinds))] {
		if r.kinds[i].typed() || r.kinds[i] == kindOdd {
			return false
		}
		if !c.kind.typed() || c.filled < 2 {
			continue
		}
		kinds++
		if !r.kinds[i].blank() {
			other++
		}
	}
	return other > 0 && other*2 >= kinds
}

// namesUnder says that a row is part of the header because it stands under
// merged cells, as spreadsheets save them: its names are where the rows above
// have nothing, or the first word of a group, and the columns that those name in
// full are left out. Years are names there. A row of delimiters may be between.
func namesUnder(above []row, r row, columns []column) bool {
	if r.after && r.empties == 0 || len(r.cells) != len(above[0].cells) {
		return false
	}
	top := above[len(above)-1]
	under, over, left := 0, 0, false
	for i, k := range r.kinds {
		named := anyCell(above, i)
		if k == kindEmpty {
			left = left || named
			continue
		}
		if i >= len(columns) || k.typed() && !isYear(r.cells[i]) {
			return false
		}
		if columns[i].kind.typed() {
			over++
		}
		if !named || i+1 < len(top.kinds) && top.kinds[i+1] == kindEmpty {
			under++
		}
	}
	return left && over > 0 && under >= 2 && under == r.filled()
}

// anyCell says that a row has something in column c.
func anyCell(rows []row, c int) bool {
	return slices.ContainsFunc(rows, func(r row) bool { return c < len(r.kinds) && r.kinds[c] != kindEmpty })
}

func isYear(cell string) bool {
	v, err := strconv.Atoi(strings.TrimSpace(cell))
	return err == nil && v >= 1900 && v < 2200
}

// brokenHeader says that the last row of a preamble is the header in another
// dialect: it stands right above rows without one and has about as many words.
func brokenHeader(t table, preamble int) bool {
	if preamble >= len(t.rows) || t.rows[preamble].after {
		return false
	}
	width := len(t.rows[preamble].cells)
	words := len(strings.FieldsFunc(strings.Join(t.rows[preamble-1].cells, " "), func(r rune) bool {
		return strings.ContainsRune(" ,;\t|", r)
	}))
	return width == 2 || words >= width-1
}
