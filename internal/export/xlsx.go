package export

import (
	"fmt"
	"io"
	"time"

	"github.com/xuri/excelize/v2"
)

// maxCell is how many characters a cell of a workbook holds.
const maxCell = 32767

// width is how wide a column is where its table does not say.
var width = map[Kind]float64{Text: 24, Number: 16, Day: 14, Flag: 10, Texts: 48, Integers: 14}

// Workbook writes one sheet for each table: numbers stay numbers (of fifteen
// digits, which is what a workbook holds), days are dates,
// texts are texts and never formulas. The header stays in sight.
func Workbook(out io.Writer, tables ...*Table) error {
	f := excelize.NewFile()
	err := workbook(f, tables)
	if err == nil {
		err = f.Write(out)
	}
	if closed := f.Close(); err == nil {
		err = closed
	}
	return err
}

func workbook(f *excelize.File, tables []*Table) error {
	dates := "yyyy-mm-dd"
	day, err := f.NewStyle(&excelize.Style{CustomNumFmt: &dates, Alignment: &excelize.Alignment{Vertical: "top"}})
	if err != nil {
		return err
	}
	head, err := f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	if err != nil {
		return err
	}
	wrap, err := f.NewStyle(&excelize.Style{Alignment: &excelize.Alignment{WrapText: true, Vertical: "top"}})
	if err != nil {
		return err
	}
	top, err := f.NewStyle(&excelize.Style{Alignment: &excelize.Alignment{Vertical: "top"}})
	if err != nil {
		return err
	}
	for i, t := range tables {
		if err := t.check(); err != nil {
			return err
		}
		if i == 0 {
			err = f.SetSheetName(f.GetSheetName(0), t.Name)
		} else {
			_, err = f.NewSheet(t.Name)
		}
		if err != nil {
			return err
		}
		styles := map[Kind]int{Text: wrap, Number: top, Day: day, Flag: top, Texts: wrap, Integers: top}
		if err := sheet(f, t, head, styles); err != nil {
			return fmt.Errorf("sheet %s: %w", t.Name, err)
		}
	}
	return nil
}

func sheet(f *excelize.File, t *Table, head int, styles map[Kind]int) error {
	w, err := f.NewStreamWriter(t.Name)
	if err != nil {
		return err
	}
	if err := w.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	row := make([]any, len(t.Columns))
	for i, c := range t.Columns {
		wide := c.Width
		if wide == 0 {
			wide = width[c.Kind]
		}
		if err := w.SetColWidth(i+1, i+1, wide); err != nil {
			return err
		}
		row[i] = excelize.Cell{StyleID: head, Value: c.Name}
	}
	if err := w.SetRow("A1", row); err != nil {
		return err
	}
	for n, cells := range t.Rows {
		for i, c := range cells {
			row[i] = excelize.Cell{StyleID: styles[t.Columns[i].Kind], Value: value(c)}
		}
		at, err := excelize.CoordinatesToCellName(1, n+2)
		if err != nil {
			return err
		}
		if err := w.SetRow(at, row); err != nil {
			return err
		}
	}
	return w.Flush()
}

// value is a cell as excelize takes it: a missing one stays empty, lists become
// texts, texts are guarded and cut at what a cell holds.
func value(cell any) any {
	switch x := cell.(type) {
	case nil:
		return nil
	case float64, bool:
		return x
	case time.Time:
		return time.Date(x.Year(), x.Month(), x.Day(), 0, 0, 0, 0, time.UTC)
	}
	s := text(cell)
	if r := []rune(s); len(r) > maxCell {
		s = string(r[:maxCell-1]) + "…"
	}
	return s
}
