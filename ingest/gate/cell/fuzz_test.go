package cell

import (
	"hash/maphash"
	"math"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/gttim/cauce/data"
	"github.com/gttim/cauce/ingest/ingesttest"
)

// FuzzForms: whatever the bytes of a cell, a value that is accepted is the number
// or the day that its text says, and what is not accepted says why.
func FuzzForms(f *testing.F) {
	miles := strings.Replace(ingesttest.Events, "encoding: auto", "thousands: \",\"\nencoding: auto", 1)
	decls := ingesttest.Declarations(f, map[string]string{"prueba-miles": miles})
	for _, s := range []string{"12", "12.5", "1e3", "0x1F", "1,234,698", "007", "-3", " 1", "９", "9223372036854775808", "2024-02-30", "2024-12-31",
		"0000-01-01", "2024-02-29", "NaN", "inf", "", "-", "\x00", "1.", ".5", "-0", "1,23"} {
		f.Add(uint8(0), s)
		f.Add(uint8(1), s)
	}
	f.Fuzz(func(t *testing.T, which uint8, text string) {
		ds := decls.Dataset([]string{"prueba-eventos", "prueba-miles"}[int(which)%2])
		set := Setting{Reference: decls.Reference, Encoding: "utf-8", Budget: NewBudget(100), Seed: maphash.MakeSeed()}
		for i := range ds.Columns {
			col := &ds.Columns[i]
			field := NewField(col, ds, set)
			direct, memo := field.judge([]byte(text)), NewMemo()
			read := *memo.Read(field, []byte(text))
			if again := memo.Read(field, []byte(text)); again.Bad != read.Bad || again.Null != read.Null || again.Num != read.Num {
				t.Fatalf("%s %q is read as two things", col.Name, text)
			}
			if direct.Bad != read.Bad || direct.Null != read.Null {
				t.Fatalf("%s %q: the fast way and the slow one differ", col.Name, text)
			}
			if read.Bad {
				if found := read.Findings(); len(found) == 0 || found[0].Rule == "" || found[0].Message == "" {
					t.Fatalf("%s %q is refused without a word", col.Name, text)
				}
				continue
			}
			if !read.Null {
				exact(t, col, strings.ReplaceAll(text, ",", ""), &read)
			}
		}
	})
}

// exact holds an accepted value against its text read by the standard library.
func exact(t *testing.T, col *data.Column, text string, v *Value) {
	t.Helper()
	switch KindOf(col.Type) {
	case Int:
		if n, err := strconv.ParseInt(text, 10, 64); err != nil || n != v.Num {
			t.Fatalf("%s %q gave %d", col.Name, text, v.Num)
		}
	case Decimal:
		if n, err := strconv.ParseFloat(text, 64); err != nil || math.Float64bits(n) != uint64(v.Num) || math.IsInf(n, 0) || math.IsNaN(n) {
			t.Fatalf("%s %q gave %v", col.Name, text, v.Dec())
		}
	case Date:
		if d, err := time.Parse(time.DateOnly, text); err != nil || Days(d) != v.Num {
			t.Fatalf("%s %q gave day %d", col.Name, text, v.Num)
		}
	}
}
