package export

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Kind is the type of a column. The Go type of its cells stands beside it; nil is
// a missing cell of any kind.
type Kind int

// The kinds of columns.
const (
	Text     Kind = iota // string
	Number               // float64
	Day                  // time.Time, of which the calendar day counts
	Flag                 // bool
	Texts                // []string
	Integers             // []int
)

// Column is one column of a table.
type Column struct {
	Name  string
	Kind  Kind
	Width float64 // in a workbook, in characters; 0: by kind
}

// Pair is one named text about a table.
type Pair struct{ Name, Value string }

// Table is what is written: rows of as many cells as there are columns. About
// tells what it is in the forms that have a place for it (Parquet, Arrow).
type Table struct {
	Name    string // of the sheet
	Columns []Column
	Rows    [][]any
	About   []Pair
}

// check holds that every cell is of its column's kind, so that no writer has to
// guess.
func (t *Table) check() error {
	for i, row := range t.Rows {
		if len(row) != len(t.Columns) {
			return fmt.Errorf("table %s, row %d: %d cells in %d columns", t.Name, i+1, len(row), len(t.Columns))
		}
		for j, cell := range row {
			if cell != nil && !t.Columns[j].Kind.holds(cell) {
				return fmt.Errorf("table %s, row %d, column %s: %T does not belong there", t.Name, i+1, t.Columns[j].Name, cell)
			}
		}
	}
	return nil
}

func (k Kind) holds(cell any) bool {
	ok := false
	switch k {
	case Text:
		_, ok = cell.(string)
	case Number:
		_, ok = cell.(float64)
	case Day:
		_, ok = cell.(time.Time)
	case Flag:
		_, ok = cell.(bool)
	case Texts:
		_, ok = cell.([]string)
	case Integers:
		_, ok = cell.([]int)
	}
	return ok
}

// Optional is a cell of a number that may be missing.
func Optional(x *float64) any {
	if x == nil {
		return nil
	}
	return *x
}

// Plain writes a number in full, never rounded and without exponent.
func Plain(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }

// Guard keeps a text from being run as a formula by a spreadsheet: one that
// begins as a formula does gets an apostrophe before it.
func Guard(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r\n\x00", rune(s[0])) {
		return "'" + s
	}
	return s
}

// text writes a cell as text, guarded where it is text.
func text(cell any) string {
	switch x := cell.(type) {
	case string:
		return Guard(x)
	case float64:
		return Plain(x)
	case time.Time:
		return x.Format(time.DateOnly)
	case bool:
		return strconv.FormatBool(x)
	case []string:
		return Guard(strings.Join(x, " | "))
	case []int:
		out := make([]string, len(x))
		for i, n := range x {
			out[i] = strconv.Itoa(n)
		}
		return strings.Join(out, " ")
	}
	return ""
}
