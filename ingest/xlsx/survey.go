package xlsx

import (
	"bufio"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"sort"
	"strings"
)

// area is a merged area: columns from 0, rows from 1, both ends in it.
type area struct {
	left, right, top, bottom int
}

// merged reads a sheet once to its end before any row is handed out: that its
// bytes are whole, and which cells are merged, which stands behind the rows.
func (w *workbook) merged(s sheetRef) ([]area, error) {
	r, err := w.open(w.parts[partName(s.part)], w.opt.SheetBytes)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	in := bufio.NewReaderSize(r, readAhead)
	if err := toRowsEnd(in); err != nil {
		return nil, w.inSheet(err, s)
	}
	st := &stream{file: r, budget: &budget{r: in, left: w.opt.RowBytes, limit: w.opt.RowBytes}}
	st.dec = xml.NewDecoder(bufio.NewReader(st.budget))
	var out []area
	whole := false
	for {
		tok, err := st.token()
		if errors.Is(err, io.EOF) && whole {
			sort.Slice(out, func(i, k int) bool { return out[i].top < out[k].top })
			return out, nil
		}
		if err != nil {
			return nil, w.inSheet(unfinished(err), s)
		}
		if end, ok := tok.(xml.EndElement); ok {
			whole = whole || end.Name.Local == "worksheet"
		}
		start, ok := tok.(xml.StartElement)
		if !ok {
			continue
		}
		st.budget.refill()
		if start.Name.Local != "mergeCell" {
			continue
		}
		for _, a := range start.Attr {
			if a.Name.Local == "ref" {
				if m, ok := areaOf(a.Value); ok {
					out = append(out, m)
				}
			}
		}
		if len(out) > w.opt.Merged {
			return nil, tooBig("la hoja «%s» tiene más de %d áreas combinadas", s.name, w.opt.Merged)
		}
	}
}

func (w *workbook) inSheet(err error, s sheetRef) error {
	var own *Error
	if !errors.As(err, &own) {
		own = broken(err, "la hoja «%s» está incompleta", s.name)
	}
	own.Sheet = s.name
	return own
}

// toRowsEnd reads up to the end tag of the rows. The tag's name can stand in no
// text, where < is escaped.
func toRowsEnd(in *bufio.Reader) error {
	name := []byte("sheetData")
	for {
		block, err := in.Peek(readAhead)
		if i := bytes.Index(block, name); i >= 0 {
			open := bytes.LastIndexByte(block[:i], '<')
			end := bytes.IndexByte(block[i:], '>')
			if end < 0 && err == nil && i > readAhead/2 { // cut by the end of the block
				if _, err := in.Discard(max(open, 1)); err != nil {
					return err
				}
				continue
			}
			closing := open >= 0 && open+1 < len(block) && block[open+1] == '/' || end > 0 && block[i+end-1] == '/'
			if _, err := in.Discard(i + max(end+1, len(name))); err != nil {
				return err
			}
			if closing && end >= 0 {
				return nil
			}
			continue
		}
		if err != nil {
			return unfinished(err)
		}
		// Keep the tag that the end of the block may have cut.
		if _, err := in.Discard(len(block) - 64); err != nil {
			return err
		}
	}
}

func areaOf(ref string) (area, bool) {
	from, to, _ := strings.Cut(ref, ":")
	if to == "" {
		to = from
	}
	left, top, ok := reference(from)
	right, bottom, ok2 := reference(to)
	return area{left, right, top, bottom}, ok && ok2 && left <= right && top <= bottom && (left < right || top < bottom)
}

// merges are a sheet's merged areas as its rows go by.
type merges struct {
	ahead []area // by their top
	open  []opened
}

// opened is an area that the current row is in, with the text it shows.
type opened struct {
	area
	text string
}

// at moves to a row: areas that begin there take their text from its cells.
func (m *merges) at(row int, cells []string) {
	kept := m.open[:0]
	for _, o := range m.open {
		if o.bottom >= row {
			kept = append(kept, o)
		}
	}
	m.open = kept
	for len(m.ahead) > 0 && m.ahead[0].top <= row {
		a := m.ahead[0]
		m.ahead = m.ahead[1:]
		o := opened{area: a}
		if a.top == row && a.left < len(cells) {
			o.text = cells[a.left]
		}
		if o.text != "" { // one without a text covers nothing
			m.open = append(m.open, o)
		}
	}
}

// fill writes into the covered cells what the sheet shows there.
func (m *merges) fill(cells []string, limit int) []string {
	for _, o := range m.open {
		for col := o.left; col <= min(o.right, limit-1); col++ {
			for len(cells) <= col {
				cells = append(cells, "")
			}
			if cells[col] == "" {
				cells[col] = o.text
			}
		}
	}
	return cells
}

// covered adds a fault for every empty cell that shows another cell's text.
func (m *merges) covered(row int, cells []string, faults []Fault) []Fault {
	for _, o := range m.open {
		for col := o.left; col <= o.right && col <= len(cells); col++ {
			if (row > o.top || col > o.left) && (col == len(cells) || cells[col] == "") {
				faults = append(faults, Fault{col, Covered})
			}
		}
	}
	return faults
}
