package export

import (
	"encoding/csv"
	"io"
)

// CSV writes a table with its header; the lines end in CRLF, a missing cell is
// empty, numbers are unrounded.
func CSV(out io.Writer, t *Table) error {
	if err := t.check(); err != nil {
		return err
	}
	w := csv.NewWriter(out)
	w.UseCRLF = true
	row := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		row[i] = c.Name
	}
	if err := w.Write(row); err != nil {
		return err
	}
	for _, cells := range t.Rows {
		for i, c := range cells {
			row[i] = text(c)
		}
		if err := w.Write(row); err != nil {
			return err
		}
	}
	w.Flush()
	return w.Error()
}
