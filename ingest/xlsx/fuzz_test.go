package xlsx

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
)

// register is a workbook like the register of events: a folio without
// repetition, a date, texts that repeat, a number. Streamed ones keep their
// texts in the cells, the others in the shared strings.
func register(t testing.TB, n int, shared bool) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	names := []string{"Chiapas", "Tabasco", "Veracruz de Ignacio de la Llave", "México", "San Luis Potosí"}
	day, err := f.NewStyle(&excelize.Style{NumFmt: 14})
	must(t, err)
	r := rand.New(rand.NewPCG(1, 2))
	row := func(i int) []any {
		return []any{fmt.Sprintf("UPM-%07d", i), time.Date(2024, 1, 1+r.IntN(366), 0, 0, 0, 0, time.UTC), names[r.IntN(5)], names[r.IntN(5)],
			"Venezuela", "mujer", r.IntN(90), "presentado", r.Float64()}
	}
	head := []any{"folio", "fecha", "entidad", "municipio", "nacionalidad", "sexo", "edad", "condicion", "peso"}
	if shared {
		must(t, f.SetSheetRow("Sheet1", "A1", &head))
		for i := range n {
			cells := row(i)
			must(t, f.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+2), &cells))
		}
	} else {
		w, err := f.NewStreamWriter("Sheet1")
		must(t, err)
		must(t, w.SetRow("A1", head))
		for i := range n {
			cells := row(i)
			cells[1] = excelize.Cell{Value: cells[1], StyleID: day}
			must(t, w.SetRow(fmt.Sprintf("A%d", i+2), cells))
		}
		must(t, w.Flush())
	}
	var out bytes.Buffer
	must(t, f.Write(&out))
	return out.Bytes()
}

// FuzzOpen holds the reader against any bytes: it ends, does not panic, gives
// rows in order, and says by name what it refuses.
func FuzzOpen(f *testing.F) {
	f.Add(register(f, 20, true))
	f.Add(register(f, 20, false))
	f.Add(pack(f, sheetOf(`<row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c></row>`)))
	f.Add(append([]byte(magicOLE), make([]byte, 600)...))
	f.Add([]byte("a,b\n"))
	f.Fuzz(func(t *testing.T, b []byte) { hold(t, b) })
}

// FuzzSheet is the same with the bytes as the sheet of a sound workbook, so that
// the mutations meet the reader of cells and not the checksum of the zip.
func FuzzSheet(f *testing.F) {
	f.Add([]byte(`<worksheet><sheetData><row r="1" hidden="1"><c r="A1" t="s" s="1"><v>0</v></c><c r="B1"><f>A1</f><v>1E3</v></c></row></sheetData><mergeCells><mergeCell ref="A1:B2"/></mergeCells></worksheet>`))
	f.Add([]byte(`<x:worksheet><x:sheetData><x:row><x:c t="inlineStr"><x:is><x:t>a_x000D_</x:t></x:is></x:c></x:row></x:sheetData></x:worksheet>`))
	f.Add([]byte(`<worksheet><sheetData/></worksheet>`))
	f.Fuzz(func(t *testing.T, b []byte) {
		parts := smallest(string(b))
		parts["xl/_rels/workbook.xml.rels"] = `<Relationships><Relationship Id="b" Type="x/worksheet" Target="worksheets/sheet1.xml"/>` +
			`<Relationship Id="c" Type="x/sharedStrings" Target="s.xml"/><Relationship Id="d" Type="x/styles" Target="t.xml"/></Relationships>`
		parts["xl/s.xml"] = `<sst><si><t>uno</t></si></sst>`
		parts["xl/t.xml"] = `<styleSheet><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="9"/></cellXfs></styleSheet>`
		hold(t, pack(t, parts))
	})
}

func hold(t *testing.T, b []byte) {
	for _, opt := range []Options{{}, {Header: header("folio", "fecha")}} {
		r, err := New(bytes.NewReader(b), int64(len(b)), opt)
		last := 0
		for err == nil {
			var row int
			var cells []string
			row, cells, err = r.Next()
			if err == nil && (row <= last || len(cells) == 0 && len(r.Faults()) == 0) {
				t.Fatalf("row %d with %d cells after row %d", row, len(cells), last)
			}
			last = row
		}
		var own *Error
		if !errors.Is(err, io.EOF) && (!errors.As(err, &own) || own.Message == "") {
			t.Fatalf("error %v", err)
		}
		if r != nil {
			must(t, r.Close())
		}
	}
}
