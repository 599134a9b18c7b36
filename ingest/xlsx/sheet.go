package xlsx

import (
	"archive/zip"
	"bufio"
	"encoding/xml"
	"errors"
	"strconv"
	"strings"
)

// stream opens a part for reading token by token.
func (c *container) stream(f *zip.File) (*stream, error) {
	r, err := c.open(f, c.opt.SheetBytes)
	if err != nil {
		return nil, err
	}
	b := &budget{r: r, left: c.opt.RowBytes, limit: c.opt.RowBytes}
	return &stream{file: r, budget: b, dec: xml.NewDecoder(bufio.NewReaderSize(b, readAhead))}, nil
}

// FaultKind says what is wrong with a cell as the workbook stores it.
type FaultKind uint8

// The faults of a cell. Its text is what the sheet shows, and "" for an
// uncalculated or covered one.
const (
	ErrorValue   FaultKind = iota + 1 // #N/A and the like
	Uncalculated                      // a formula whose value was never stored
	Covered                           // part of a merged area, and not the part with the value
	Imprecise                         // a number with more digits than Excel keeps
)

// Fault is one faulty cell of a row; Column starts at 0.
type Fault struct {
	Column int
	Kind   FaultKind
}

// scanner reads the rows of one sheet in order.
type scanner struct {
	*stream
	book   *workbook
	name   string
	row    int
	hidden bool
	cells  []string
	faults []Fault
	inside bool // of sheetData
	done   bool
}

func (w *workbook) scan(s sheetRef) (*scanner, error) {
	st, err := w.stream(w.parts[partName(s.part)])
	if err != nil {
		return nil, err
	}
	return &scanner{stream: st, book: w, name: s.name}, nil
}

// next moves to the next row with a value or a fault; false at the end of the
// sheet's cells.
func (s *scanner) next() (bool, error) {
	for !s.done {
		tok, err := s.token()
		if err != nil {
			return false, s.broken(unfinished(err))
		}
		switch t := tok.(type) {
		case xml.StartElement:
			switch {
			case t.Name.Local == "sheetData":
				s.inside = true
			case t.Name.Local == "row" && s.inside:
				if err := s.readRow(t); err != nil {
					return false, s.broken(unfinished(err))
				}
				s.budget.refill()
				if len(s.cells) > 0 || len(s.faults) > 0 {
					return true, nil
				}
			}
		case xml.EndElement:
			s.done = t.Name.Local == "sheetData"
		}
	}
	return false, nil
}

// broken says where in the workbook an error is.
func (s *scanner) broken(err error) error {
	var e *Error
	if !errors.As(err, &e) {
		e = broken(err, "la hoja «%s» no se puede leer después de la fila %d", s.name, s.row)
	}
	e.Sheet, e.Row = s.name, s.row
	return e
}

// readRow reads a row's cells up to its last value.
func (s *scanner) readRow(start xml.StartElement) error {
	s.cells, s.faults, s.hidden = s.cells[:0], s.faults[:0], false
	row := s.row + 1
	for _, a := range start.Attr {
		switch a.Name.Local {
		case "r":
			n, err := strconv.Atoi(a.Value)
			if err != nil || n <= s.row {
				return broken(nil, "en la hoja «%s», después de la fila %d viene la fila %.20q", s.name, s.row, a.Value)
			}
			row = n
		case "hidden":
			s.hidden = isTrue(a.Value)
		}
	}
	if row > s.book.opt.Rows {
		return tooBig("la hoja «%s» tiene más de %d filas", s.name, s.book.opt.Rows)
	}
	s.row = row
	column := -1 // of the last cell
	for {
		tok, err := s.token()
		if err != nil {
			return err
		}
		switch t := tok.(type) {
		case xml.StartElement:
			if t.Name.Local == "c" {
				if column, err = s.readCell(t, column); err != nil {
					return err
				}
			}
		case xml.EndElement:
			if t.Name.Local == "row" {
				return nil
			}
		}
	}
}

// cell is a cell as stored.
type cell struct {
	column, style int
	kind          string // the attribute t
	text          string
	value         bool // a <v> was there
	formula       bool
}

// readCell reads a cell that stands after the one in column before and returns
// its own column.
func (s *scanner) readCell(start xml.StartElement, before int) (int, error) {
	c := cell{column: before + 1}
	for _, a := range start.Attr {
		switch a.Name.Local {
		case "r":
			column, row, ok := reference(a.Value)
			if !ok || row != s.row || column <= before {
				return 0, broken(nil, "en la fila %d de la hoja «%s» hay una celda en el lugar %.20q", s.row, s.name, a.Value)
			}
			c.column = column
		case "s":
			c.style, _ = strconv.Atoi(a.Value) // a style that is no number is none
		case "t":
			c.kind = a.Value
		}
	}
	for {
		tok, err := s.token()
		if err != nil {
			return 0, err
		}
		switch t := tok.(type) {
		case xml.StartElement:
			switch t.Name.Local {
			case "v":
				c.text, err = s.until("v")
				c.value = true
			case "is":
				c.text, err = s.richText("is")
			case "f":
				_, err = s.until("f")
				c.formula = true
			}
			if err != nil {
				return 0, err
			}
		case xml.EndElement:
			if t.Name.Local == "c" {
				return c.column, s.put(&c)
			}
		}
	}
}

// put adds the cell's text to the row.
func (s *scanner) put(c *cell) error {
	text, fault := c.text, FaultKind(0)
	switch c.kind {
	case "s":
		if text == "" {
			break
		}
		n, err := strconv.Atoi(strings.TrimSpace(text))
		if err != nil || n < 0 || n >= len(s.book.strings) {
			return broken(nil, "la celda %s%d de la hoja «%s» remite a un texto que no está", columnName(c.column), s.row, s.name)
		}
		text = s.book.strings[n]
	case "str":
		text = unescape(text)
	case "inlineStr":
	case "b": // 0 or 1, as the contract writes it
		text = strings.TrimSpace(text)
	case "e":
		fault = ErrorValue
	case "d":
		text = isoText(strings.TrimSpace(text))
	default:
		if text == "" {
			break
		}
		f := general
		if c.style >= 0 && c.style < len(s.book.formats) {
			f = s.book.formats[c.style]
		}
		var exact bool
		if text, exact = numberText(strings.TrimSpace(text), f, s.book.from04); !exact {
			fault = Imprecise
		}
	}
	if c.formula && text == "" && (!c.value || c.kind != "str" && c.kind != "s") {
		fault = Uncalculated
	}
	if text == "" && fault == 0 {
		return nil
	}
	if c.column >= s.book.opt.Columns {
		return tooBig("la hoja «%s» tiene un valor en la columna %s; se admiten %d columnas", s.name, columnName(c.column), s.book.opt.Columns)
	}
	for len(s.cells) < c.column {
		s.cells = append(s.cells, "")
	}
	s.cells = append(s.cells, text)
	if fault != 0 {
		s.faults = append(s.faults, Fault{c.column, fault})
	}
	return nil
}

// reference reads a cell's place, as in AB12: its column from 0 and its row.
func reference(s string) (column, row int, ok bool) {
	i := 0
	for i < len(s) && i < 3 && (s[i] >= 'A' && s[i] <= 'Z' || s[i] >= 'a' && s[i] <= 'z') {
		column = column*26 + int(s[i]&^0x20-'A') + 1
		i++
	}
	if i == 0 || i == len(s) || len(s) > i+7 {
		return 0, 0, false
	}
	for _, c := range []byte(s[i:]) {
		if c < '0' || c > '9' {
			return 0, 0, false
		}
		row = row*10 + int(c-'0')
	}
	return column - 1, row, row > 0 && column <= 1<<14
}

// columnName is a column, counted from 0, as the sheet calls it.
func columnName(n int) string {
	out := ""
	for n++; n > 0; n = (n - 1) / 26 {
		out = string(rune('A'+(n-1)%26)) + out
	}
	return out
}
