package template

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/gttim/cauce/data"
	"github.com/xuri/excelize/v2"
)

// The sheets of a template. The first is the one to fill in.
const (
	sheetData  = "Datos"
	sheetGuide = "Guía"
	sheetLists = "Catálogos"
)

// lastRow is the last row of a sheet: rules of a column go down to it.
const lastRow = 1 << 20

// book is a workbook on its way; the first error stops it.
type book struct {
	f   *excelize.File
	err error
}

func (b *book) do(err error) {
	if b.err == nil {
		b.err = err
	}
}

func (b *book) style(s *excelize.Style) int {
	id, err := b.f.NewStyle(s)
	b.do(err)
	return id
}

func (b *book) text(sheet string, col, row int, value string) {
	cell, err := excelize.CoordinatesToCellName(col, row)
	b.do(err)
	b.do(b.f.SetCellStr(sheet, cell, value))
}

// XLSX writes an empty workbook of the dataset: a sheet to fill in, whose columns
// have the form and the drop-down lists of the contract, a guide, and a hidden
// sheet with the lists.
func XLSX(out io.Writer, ds *data.Dataset, reference map[string]*data.Table) error {
	f := excelize.NewFile()
	b := &book{f: f}
	b.do(f.SetSheetName(f.GetSheetName(0), sheetData))
	for _, name := range []string{sheetGuide, sheetLists} {
		_, err := f.NewSheet(name)
		b.do(err)
	}
	all := columns(ds, reference)
	if ds.Hierarchy != nil {
		b.table(ds)
	} else {
		b.sheet(all, b.lists(all))
	}
	b.guide(ds, reference, all)
	b.do(f.SetSheetVisible(sheetLists, false))
	f.SetActiveSheet(0)
	b.do(f.SetDocProps(&excelize.DocProperties{Title: ds.Contract.Title.ES, Subject: ds.ID}))
	if b.err == nil {
		b.do(f.Write(out))
	}
	if err := errors.Join(b.err, f.Close()); err != nil {
		return fmt.Errorf("template of %s: %w", ds.ID, err)
	}
	return nil
}

// lists writes each catalogue once and returns where its values are.
func (b *book) lists(all []column) map[string]string {
	out := map[string]string{}
	for _, c := range all {
		key := listKey(c)
		if len(c.options) == 0 || out[key] != "" {
			continue
		}
		n := len(out) + 1
		b.text(sheetLists, n, 1, c.Catalog)
		for i, s := range c.options {
			b.text(sheetLists, n, i+2, s)
		}
		name, err := excelize.ColumnNumberToName(n)
		b.do(err)
		out[key] = fmt.Sprintf("'%s'!$%s$2:$%s$%d", sheetLists, name, name, len(c.options)+1)
	}
	return out
}

// listKey tells the lists of one catalogue apart: columns may write it as codes
// or as names.
func listKey(c column) string { return c.Catalog + "\x00" + strings.Join(c.options, "\x00") }

// sheet fills the sheet that the agency fills in.
func (b *book) sheet(all []column, lists map[string]string) {
	head := b.style(&excelize.Style{Font: &excelize.Font{Bold: true, Color: "FFFFFF"},
		Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"611232"}}, NumFmt: textFormat})
	styles := map[string]int{}
	for i, c := range all {
		name, err := excelize.ColumnNumberToName(i + 1)
		b.do(err)
		form := numberFormat(c.Type)
		if _, ok := styles[form]; !ok {
			styles[form] = b.style(&excelize.Style{CustomNumFmt: &form})
		}
		b.do(b.f.SetColStyle(sheetData, name, styles[form]))
		b.do(b.f.SetColWidth(sheetData, name, name, width(c)))
		b.text(sheetData, i+1, 1, c.Name)
		b.do(b.f.SetCellStyle(sheetData, name+"1", name+"1", head))
		b.do(b.f.AddDataValidation(sheetData, validation(c, name, lists[listKey(c)])))
	}
	b.do(b.f.SetPanes(sheetData, &excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}))
}

// textFormat is the built-in number format of text.
const textFormat = 49

// numberFormat keeps a spreadsheet from turning what is typed into something
// else: 007, 12-17 and 2024-06 stay text.
func numberFormat(t data.ColumnType) string {
	switch t {
	case data.TypeInteger, data.TypeBool:
		return "0"
	case data.TypeDecimal:
		return "General"
	case data.TypeDate:
		return "yyyy-mm-dd"
	}
	return "@"
}

func width(c column) float64 {
	n := max(len(c.Name), len(c.Example))
	for _, s := range c.options {
		n = max(n, len(s))
	}
	return float64(min(n+4, 48))
}

// validation is what the spreadsheet checks as a cell is typed, with what the
// column is for as a prompt. The file is checked again when it comes.
func validation(c column, name, list string) *excelize.DataValidation {
	v := excelize.NewDataValidation(!c.Required)
	v.Sqref = fmt.Sprintf("%s2:%s%d", name, name, lastRow)
	said := c.Text
	if c.Form != "" {
		said += " Se escribe: " + c.Form + "."
	}
	v.SetInput(cut(c.Name, 32), cut(fmt.Sprintf("%s Ejemplo: %s (%s)", said, example(c), c.need()), 250))
	number := func(t excelize.DataValidationType) {
		if c.Min != nil && c.Max != nil {
			_ = v.SetRange(*c.Min, *c.Max, t, excelize.DataValidationOperatorBetween) // numbers are always good bounds
		}
	}
	switch {
	case list != "":
		v.SetSqrefDropList(list)
	case c.Type == data.TypeInteger:
		number(excelize.DataValidationTypeWhole)
	case c.Type == data.TypeDecimal:
		number(excelize.DataValidationTypeDecimal)
	case c.Type == data.TypeBool:
		_ = v.SetDropList([]string{"0", "1"}) // short enough by far
	}
	if v.Type != "" {
		v.SetError(excelize.DataValidationErrorStyleStop, cut(c.Name, 32), cut("Se espera "+c.kind+".", 250))
	}
	return v
}

// cut shortens a text to what a spreadsheet's prompt holds.
func cut(s string, most int) string {
	r := []rune(s)
	if len(r) <= most {
		return s
	}
	return string(r[:most-1]) + "…"
}

// guide writes the second sheet.
func (b *book) guide(ds *data.Dataset, reference map[string]*data.Table, all []column) {
	bold := b.style(&excelize.Style{Font: &excelize.Font{Bold: true}})
	wrap := b.style(&excelize.Style{Alignment: &excelize.Alignment{WrapText: true, Vertical: "top"}, NumFmt: textFormat})
	for i, w := range []float64{22, 60, 36, 20, 24, 48} {
		name, err := excelize.ColumnNumberToName(i + 1)
		b.do(err)
		b.do(b.f.SetColWidth(sheetGuide, name, name, w))
		b.do(b.f.SetColStyle(sheetGuide, name, wrap))
	}
	row := 0
	line := func(style int, cells ...string) {
		row++
		for i, s := range cells {
			b.text(sheetGuide, i+1, row, s)
			cell, err := excelize.CoordinatesToCellName(i+1, row)
			b.do(err)
			b.do(b.f.SetCellStyle(sheetGuide, cell, cell, style))
		}
	}
	for _, f := range facts(ds, reference) {
		line(wrap, f.name, f.value)
	}
	row++
	line(bold, "Columna", "Qué es", "Tipo", "Obligatoria", "Ejemplo", "Catálogo")
	for _, c := range all {
		line(wrap, c.Name, c.Text, c.kind, c.need(), c.Example, c.listed())
	}
	if own := ownRules(ds); len(own) > 0 {
		row++
		line(bold, "Regla", "Qué está mal", "Línea con el problema", "", "Línea sin problema")
		for _, r := range own {
			line(wrap, r.ID, r.Text, r.Bad, "", r.Good)
		}
	}
}
