package warehouse

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gttim/cauce/data"
)

// sqlTypes are the raw table's types; dictionary columns hold a per-load code.
var sqlTypes = map[data.ColumnType]string{
	data.TypeInteger: "BIGINT", data.TypeDecimal: "DOUBLE", data.TypeDate: "DATE", data.TypePubDate: "DATE",
	data.TypeMonth: "DATE", data.TypeBool: "BOOLEAN", data.TypeText: "VARCHAR",
	data.TypeCategory: "INTEGER", data.TypeCatalog: "INTEGER",
}

// RawColumn is one column of a raw table, in order, after load_id and line: what it
// is, and where it lies in the stored table.
type RawColumn struct {
	Name, Type string
	Dictionary bool
	Unlike     bool   // text that does not repeat
	Numbered   bool   // such text, stored as number (data.Contract.Numbered)
	In         string // stored column
	Packed     bool   // it is a few bits of that
	Shift      int    // from which on
	At         int    // its place in that, from 1, which is a list; else 0
	Amended    bool   // a declared correction is about it
}

// StoredColumn is one column of a stored table, after load_id and line. Of are the raw
// columns that it holds: one, or several of codes, the first in its lowest CodeBits, or
// the items of a list.
type StoredColumn struct {
	Name, Type, Compression string
	Of                      []int
	List                    bool
}

const (
	// CodeBits is how many bits of a stored number a code takes; 0 there is NULL.
	CodeBits = 21
	// MostCodes is how many codes there are in so many bits.
	MostCodes = 1<<CodeBits - 1
	packing   = "bitpacking"

	// mostStored is how many columns a stored table has before they become lists. Of each
	// column the database keeps a megabyte at hand while rows are inserted, whatever it
	// holds; of a list no more than of a column.
	mostStored = 48
	// mostListed is how many columns a list takes. Who reads one of them reads all.
	mostListed = 32
)

// CodeMask are the bits of one code.
func (RawColumn) CodeMask() int { return MostCodes }

// Amendment names what a correction puts in the column's place.
func (c RawColumn) Amendment() string { return "enmienda de " + c.Name }

// NumberBits are how many low bits of a numbered key are its own number.
func (RawColumn) NumberBits() int { return data.NumberBits }

// NumberMask are those bits.
func (RawColumn) NumberMask() int { return 1<<data.NumberBits - 1 }

// Layout lists the columns of the dataset's raw table after load_id and line, those of
// Output, a fecha_parcial followed by its precision; and the columns that they lie in.
// Codes lie three to a number: to hand a value over, to keep its statistics and to
// compress it costs as much as to judge it. Of a dataset of many columns those of one
// type lie in lists.
func Layout(ds *data.Dataset) (columns []RawColumn, stored []StoredColumn) {
	columns = rawColumns(ds)
	if stored = packed(columns); len(stored) > mostStored {
		stored = listed(columns)
	}
	lie(columns, stored)
	return columns, stored
}

// unlisted is the layout of a program that knew no lists, nil where it is that of now.
func unlisted(ds *data.Dataset) (columns []RawColumn, stored []StoredColumn) {
	columns = rawColumns(ds)
	if stored = packed(columns); len(stored) <= mostStored {
		return nil, nil
	}
	lie(columns, stored)
	return columns, stored
}

// rawColumns are the columns of the raw table, before it is known where they lie.
func rawColumns(ds *data.Dataset) (columns []RawColumn) {
	numbered := ds.Numbered()
	for _, c := range ds.Output() {
		columns = append(columns, RawColumn{Name: c.Name, Type: sqlTypes[c.Type], Dictionary: c.Dictionary(),
			Unlike: c.Type == data.TypeText && slices.Equal(ds.Key, []string{c.Name}), Numbered: c.Name == numbered})
		if c.Type == data.TypePubDate {
			columns = append(columns, RawColumn{Name: c.Name + "_precision", Type: sqlTypes[data.TypeText]})
		}
	}
	return columns
}

// lie says of the columns in which stored ones they lie.
func lie(columns []RawColumn, stored []StoredColumn) {
	for _, s := range stored {
		for _, at := range s.Of {
			columns[at].In = s.Name
		}
	}
}

// layoutText is how the ledger remembers a layout.
func layoutText(columns []RawColumn, stored []StoredColumn) string {
	var b strings.Builder
	for _, s := range stored {
		fmt.Fprintf(&b, "%s: %s\n", s.Name, s.Type)
	}
	for _, c := range columns {
		fmt.Fprintf(&b, "%s %s %t\n", c.Name, c.Type, c.Dictionary)
	}
	return b.String()
}

// alone is the stored column of one raw column.
func alone(columns []RawColumn, i int) StoredColumn {
	c := columns[i]
	s := StoredColumn{Name: c.Name, Type: c.Type, Of: []int{i}}
	switch {
	case c.Numbered:
		s.Type, s.Compression = sqlTypes[data.TypeInteger], packing
	case c.Unlike:
		s.Compression = "zstd"
	case c.Dictionary || c.Type == "DATE" || c.Type == "BIGINT":
		s.Compression = packing
	}
	return s
}

// packed puts codes together, and all else into a column of its own.
func packed(columns []RawColumn) (stored []StoredColumn) {
	group := -1 // of stored: the last one of codes, while it has room
	for i, c := range columns {
		if c.Dictionary && group >= 0 {
			g := &stored[group]
			g.Of = append(g.Of, i)
			if (len(g.Of)+1)*CodeBits > 63 {
				group = -1
			}
			continue
		}
		if c.Dictionary {
			group = len(stored)
		}
		stored = append(stored, alone(columns, i))
	}
	for i := range stored {
		s := &stored[i]
		for k, at := range s.Of {
			if len(s.Of) > 1 { // no contract can declare such a name
				if columns[at].Packed, columns[at].Shift, s.Type = true, k*CodeBits, sqlTypes[data.TypeInteger]; k > 0 {
					s.Name += "+" + columns[at].Name
				}
			}
		}
	}
	return stored
}

// listed puts columns of one type together, but for the key.
func listed(columns []RawColumn) (stored []StoredColumn) {
	open := map[string]int{} // by type: the place in stored of the last list, while it has room
	for i := range columns {
		c := &columns[i]
		c.Packed, c.Shift = false, 0
		s := alone(columns, i)
		if c.Numbered || c.Unlike {
			stored = append(stored, s)
			continue
		}
		at, ok := open[c.Type]
		if !ok {
			s.Type, s.List = s.Type+"[]", true
			at = len(stored)
			open[c.Type], stored = at, append(stored, s)
		} else {
			stored[at].Of = append(stored[at].Of, i)
		}
		if c.At = len(stored[at].Of); c.At == mostListed {
			delete(open, c.Type)
		}
	}
	for i := range stored {
		if s := &stored[i]; len(s.Of) > 1 { // no contract can declare such a name
			s.Name += "+" + columns[s.Of[len(s.Of)-1]].Name
		}
	}
	return stored
}
