package problems

import (
	"archive/zip"
	"compress/flate"
	"errors"
	"fmt"
	"io"
	"strconv"

	"github.com/gttim/cauce/data"
	"github.com/xuri/excelize/v2"
)

// sheetProblems is how many problems the workbook lists; the CSV has all.
const sheetProblems = 100_000

// quick packs as fast as can be: a load waits for it, and the workbook of a hundred
// thousand problems stays a few megabytes.
func quick(out io.Writer) excelize.ZipWriter {
	z := zip.NewWriter(out)
	z.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, flate.BestSpeed) })
	return z
}

// XLSX writes the problems as a workbook: one sheet, a fixed header with
// filters, places as numbers, texts as texts so that nothing runs as a formula. Long lists spill
// into temp.
func XLSX(out io.Writer, temp, file string, each Each) (err error) {
	f := excelize.NewFile(excelize.Options{TmpDir: temp}).SetZipWriter(quick)
	defer func() { err = errors.Join(err, f.Close()) }()
	const sheet = "Problemas"
	if err := f.SetSheetName("Sheet1", sheet); err != nil {
		return err
	}
	head, err := f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}, Border: []excelize.Border{{Type: "bottom", Style: 1, Color: "0E6F80"}}})
	if err != nil {
		return err
	}
	wrap, err := f.NewStyle(&excelize.Style{Alignment: &excelize.Alignment{WrapText: true, Vertical: "top"}, NumFmt: 49})
	if err != nil {
		return err
	}
	place, err := f.NewStyle(&excelize.Style{Alignment: &excelize.Alignment{Vertical: "top"}})
	if err != nil {
		return err
	}
	w, err := f.NewStreamWriter(sheet)
	if err != nil {
		return err
	}
	titles := []string{"archivo", "linea", "posicion", "columna", "valor", "regla", "severidad", "mensaje", "se_espera", "sugerencia"}
	for i, width := range []float64{26, 8, 9, 18, 26, 8, 11, 48, 36, 36} {
		if err := w.SetColWidth(i+1, i+1, width); err != nil {
			return err
		}
	}
	if err := w.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	row := make([]any, len(titles))
	for i, t := range titles {
		row[i] = excelize.Cell{StyleID: head, Value: t}
	}
	if err := w.SetRow("A1", row); err != nil {
		return err
	}
	// Cells are used again and an empty one is not written: a load waits for this.
	cells := make([]excelize.Cell, len(titles))
	put := func(i, style int, v any, given bool) {
		if row[i] = nil; given {
			cells[i] = excelize.Cell{StyleID: style, Value: v}
			row[i] = &cells[i]
		}
	}
	name, n, more := guardFormula(file), 0, 0
	err = each(func(batch []data.Problem) error {
		for _, p := range batch {
			if n == sheetProblems {
				more++
				continue
			}
			n++
			put(0, wrap, name, file != "")
			put(1, place, p.Line, p.Line != 0)
			put(2, place, p.Column, p.Column != 0)
			for i, s := range [...]string{p.Field, p.Value, p.Rule, string(p.Severity), p.Message, p.Expected, p.Hint} {
				put(3+i, wrap, guardFormula(s), s != "")
			}
			if err := w.SetRow("A"+strconv.Itoa(n+1), row); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	// A table brings its filters. Asking for a filter of the finished sheet would read
	// it back whole, which costs more than all else and the memory of it.
	if n > 0 {
		if err := w.AddTable(&excelize.Table{Name: sheet, Range: fmt.Sprintf("A1:J%d", n+1), StyleName: "TableStyleLight1"}); err != nil {
			return err
		}
	}
	if more > 0 {
		note := fmt.Sprintf("Hay %d problemas más; el CSV del mismo nombre los trae todos.", more)
		if err := w.SetRow(fmt.Sprintf("A%d", n+2), []any{excelize.Cell{StyleID: head, Value: note}}); err != nil {
			return err
		}
	}
	if err := w.Flush(); err != nil {
		return err
	}
	return f.Write(out)
}
