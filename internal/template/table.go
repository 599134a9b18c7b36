package template

import (
	"strings"

	"github.com/gttim/cauce/data"
	"github.com/xuri/excelize/v2"
)

// head is what stands above the first row of a template: the header and, where
// columns are read from titles and months have parts, the titles and a second row.
func head(ds *data.Dataset) [][]string {
	if ds.Hierarchy == nil {
		var names []string
		for _, c := range columns(ds, nil) {
			names = append(names, c.Name)
		}
		return [][]string{names}
	}
	var rows [][]string
	var upper, lower []string
	put := func(above, beneath string) { upper, lower = append(upper, above), append(lower, beneath) }
	for _, c := range ds.Columns {
		if c.Title == nil {
			put(c.Name, "")
		} else {
			rows = append(rows, []string{c.Title.Example})
		}
	}
	under := beneath(ds.Hierarchy)
	for _, m := range ds.Wide.Months {
		for i, name := range under {
			if i > 0 {
				m = ""
			}
			put(m, name)
		}
	}
	if len(ds.Hierarchy.Sum) > 0 {
		put(ds.Hierarchy.Sum[0], "")
	}
	for i := range rows {
		rows[i] = append(rows[i], make([]string, len(upper)-1)...)
	}
	rows = append(rows, upper)
	if ds.Hierarchy.Parts != nil {
		rows = append(rows, lower)
	}
	return rows
}

// beneath names the columns under each month.
func beneath(h *data.Hierarchy) []string {
	if h.Parts == nil {
		return []string{""}
	}
	var out []string
	for _, p := range h.Parts.Columns {
		out = append(out, p.Headers[0])
	}
	if len(h.Parts.Subtotal) > 0 {
		out = append(out, h.Parts.Subtotal[0])
	}
	return out
}

// tableColumns are the columns of a table as the guide tells them: the months of
// one part are one column.
func tableColumns(ds *data.Dataset) []data.Column {
	all := append([]data.Column(nil), ds.Columns...)
	months := ds.Wide.Months[0] + " … " + ds.Wide.Months[11]
	value := ds.Wide.Value
	value.Required, value.Headers = false, nil
	h := ds.Hierarchy
	if h.Parts == nil {
		value.Name = months
		all = append(all, value)
	} else {
		for _, p := range h.Parts.Columns {
			c := value
			c.Name, c.Headers = months+", "+p.Headers[0], p.Headers[1:]
			all = append(all, c)
		}
		if len(h.Parts.Subtotal) > 0 {
			c := value
			c.Name, c.Headers, c.Optional = months+", "+h.Parts.Subtotal[0], h.Parts.Subtotal[1:], true
			c.Text = "Suma de las columnas del mes. No se guarda; se compara con ellas."
			all = append(all, c)
		}
	}
	if len(h.Sum) > 0 {
		c := value
		c.Name, c.Headers, c.Optional = h.Sum[0], h.Sum[1:], true
		c.Text = "Suma de los meses. No se guarda; se compara con ellos."
		all = append(all, c)
	}
	return all
}

// tableFacts say how a table's rows are read.
func tableFacts(ds *data.Dataset, reference map[string]*data.Table) []fact {
	h := ds.Hierarchy
	rows := "un renglón es de un grupo cuando el siguiente tiene más sangría"
	if len(h.Groups.Catalogs) > 0 {
		var names []string
		for _, id := range h.Groups.Catalogs {
			if t := reference[id]; t != nil {
				for _, code := range t.Codes() {
					names = append(names, t.Name(code))
				}
			}
		}
		where := "arriba"
		if h.Groups.After {
			where = "abajo"
		}
		rows = "los renglones de grupos van " + where + " de los que suman"
		if len(names) > 0 {
			rows += ": " + strings.Join(unique(names), ", ")
		}
	}
	if len(h.Total) > 0 {
		rows += "; el del total es «" + h.Total[0] + "» y no puede faltar"
	}
	does := map[data.Severity]string{data.Warn: "se avisa", data.Quarantine: "sus partes van a cuarentena", data.Refuse: "se rechaza el archivo"}
	return []fact{{"Renglones", rows},
		{"Totales", "ningún total se guarda: cada uno se compara con la suma de sus partes y, si no coincide, " + does[h.OnDifference]}}
}

func unique(names []string) []string {
	var out []string
	seen := map[string]bool{}
	for _, n := range names {
		if !seen[n] {
			out = append(out, n)
		}
		seen[n] = true
	}
	return out
}

// table fills the sheet of a hierarchical dataset: titles, months merged over their
// parts, and whole numbers beneath.
func (b *book) table(ds *data.Dataset) {
	rows := head(ds)
	bold := b.style(&excelize.Style{Font: &excelize.Font{Bold: true, Color: "FFFFFF"}, Alignment: &excelize.Alignment{Horizontal: "center"},
		Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"611232"}}, NumFmt: textFormat})
	name := func(col, row int) string {
		cell, err := excelize.CoordinatesToCellName(col, row)
		b.do(err)
		return cell
	}
	width, first, labels := len(rows[0]), len(rows)+1, 0
	for i, row := range rows {
		for k, s := range row {
			if s != "" {
				b.text(sheetData, k+1, i+1, s)
			}
		}
	}
	upper := len(rows) // of the header, counted from 1
	for _, c := range ds.Columns {
		if c.Title == nil {
			labels++
		}
	}
	if ds.Hierarchy.Parts != nil {
		upper--
		n := len(beneath(ds.Hierarchy))
		for m := range ds.Wide.Months {
			if n > 1 {
				b.do(b.f.MergeCell(sheetData, name(labels+1+m*n, upper), name(labels+(m+1)*n, upper)))
			}
		}
	}
	b.do(b.f.SetCellStyle(sheetData, name(1, upper), name(width, len(rows)), bold))
	b.do(b.f.SetColWidth(sheetData, "A", "A", 36))
	number := "0"
	whole := b.style(&excelize.Style{CustomNumFmt: &number})
	b.do(b.f.SetCellStyle(sheetData, name(labels+1, first), name(width, first+999), whole))
	v := excelize.NewDataValidation(true)
	v.Sqref = name(labels+1, first) + ":" + name(width, first+999)
	value := ds.Wide.Value
	_ = v.SetRange(*value.Min, *value.Max, excelize.DataValidationTypeWhole, excelize.DataValidationOperatorBetween) // bounds of a checked contract
	v.SetError(excelize.DataValidationErrorStyleStop, cut(value.Name, 32), cut("Se espera "+kind(value)+".", 250))
	b.do(b.f.AddDataValidation(sheetData, v))
	b.do(b.f.SetPanes(sheetData, &excelize.Panes{Freeze: true, XSplit: labels, YSplit: first - 1, TopLeftCell: name(labels+1, first), ActivePane: "bottomRight"}))
}
