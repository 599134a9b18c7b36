package xlsx

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/xuri/excelize/v2"
)

const benchRows = 100_000

func benchFile(b *testing.B) string {
	b.Helper()
	name := filepath.Join(b.TempDir(), "registro.xlsx")
	must(b, os.WriteFile(name, register(b, benchRows, true), 0o600))
	return name
}

// BenchmarkReader opens and reads the register, canonical text and all.
func BenchmarkReader(b *testing.B) {
	name := benchFile(b)
	b.ReportAllocs()
	for b.Loop() {
		r, err := Open(name, Options{Header: func(cells []string) bool { return cells[0] == "folio" }})
		must(b, err)
		n := 0
		for {
			_, _, err := r.Next()
			if errors.Is(err, io.EOF) {
				break
			}
			must(b, err)
			n++
		}
		must(b, r.Close())
		if n != benchRows+1 {
			b.Fatalf("%d rows", n)
		}
	}
}

// BenchmarkExcelize is the peer: excelize's row iterator and nothing else.
func BenchmarkExcelize(b *testing.B) {
	name := benchFile(b)
	b.ReportAllocs()
	for b.Loop() {
		f, err := excelize.OpenFile(name)
		must(b, err)
		it, err := f.Rows("Sheet1")
		must(b, err)
		n := 0
		for it.Next() {
			_, err := it.Columns()
			must(b, err)
			n++
		}
		must(b, errors.Join(it.Error(), it.Close(), f.Close()))
		if n != benchRows+1 {
			b.Fatalf("%d rows", n)
		}
	}
}
