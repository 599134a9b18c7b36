package dashboard

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/gttim/cauce/indicators"
	"github.com/gttim/cauce/internal/export"
)

// The directions of a revision.
const (
	revisedFirst = "primera"
	revisedUp    = "al alza"
	revisedDown  = "a la baja"
	revisedFiner = "más precisa" // within what the rounded figure before allowed
	revisedGone  = "retirada"
)

// revision is one figure of a period that was published with more than one value.
type revision struct {
	Figure   *Value // period, dimensions and unit
	Vintages []vintage
}

// vintage is one value of a figure and the days of publication for which it held.
// Difference is to the vintage before, nil where either has no value; Change is
// that in percent, for counts and ratios alone.
type vintage struct {
	*Value
	Since, Until       time.Time // [Since, Until); a zero Until is still
	Difference, Change *float64
	Direction          string
}

// revisions lists the figures of an indicator that changed from one publication
// to another, in the order of the API, on the clock of loading of the request and
// up to its day of publication. They stand side by side because their rectangles
// come ordered by figure and day.
func (q *request) revisions(d *indicators.Indicator) []revision {
	var out []revision
	var r revision
	flush := func() {
		if len(r.Vintages) > 1 {
			out = append(out, r)
		}
	}
	for _, v := range q.values[d.ID] {
		if !q.AsOf.IsZero() && v.asOf.from.After(q.AsOf) {
			continue
		}
		if r.Figure == nil || !v.From.Equal(r.Figure.From) || !v.To.Equal(r.Figure.To) || v.DimensionsJSON != r.Figure.DimensionsJSON {
			flush()
			r = revision{Figure: v}
		}
		r.add(v, d.Calculation)
	}
	flush()
	return out
}

// add takes the next value; one that says the same prolongs the vintage before.
func (r *revision) add(v *Value, c indicators.Calculation) {
	next := vintage{Value: v, Since: v.asOf.from, Until: v.asOf.to, Direction: revisedFirst}
	if len(r.Vintages) == 0 {
		r.Vintages = append(r.Vintages, next)
		return
	}
	last := &r.Vintages[len(r.Vintages)-1]
	switch {
	case last.Value.Value == nil && v.Value == nil, last.Value.Value != nil && v.Value != nil && *last.Value.Value == *v.Value:
		last.Until = next.Until
		return
	case v.Value == nil:
		next.Direction = revisedGone
	case last.Value.Value != nil:
		next.compare(last.Value, c)
	}
	r.Vintages = append(r.Vintages, next)
}

func (x *vintage) compare(before *Value, c indicators.Calculation) {
	diff := *x.Value.Value - *before.Value
	x.Difference, x.Direction = &diff, revisedDown
	if diff > 0 {
		x.Direction = revisedUp
	}
	if i := before.Interval; i != nil && i[0] <= *x.Value.Value && *x.Value.Value <= i[1] {
		x.Direction = revisedFiner
	}
	if (c == indicators.Count || c == indicators.Ratio) && *before.Value != 0 {
		change := diff / *before.Value * 100
		x.Change = &change
	}
}

// revisionTable has one row per figure and vintage.
func revisionTable(d *indicators.Indicator, revised []revision) *export.Table {
	var values []*Value
	for _, r := range revised {
		values = append(values, r.Figure)
	}
	dims := dimensionsOf(d, values)
	t := &export.Table{Name: "Revisiones", Columns: []export.Column{{Name: "indicador", Width: 28}, {Name: "periodo_inicio", Kind: export.Day}, {Name: "periodo_fin", Kind: export.Day}}}
	for _, k := range dims {
		t.Columns = append(t.Columns, export.Column{Name: k}, export.Column{Name: k + "_etiqueta"})
	}
	t.Columns = append(t.Columns, []export.Column{
		{Name: "publicada_desde", Kind: export.Day}, {Name: "publicada_hasta", Kind: export.Day}, {Name: "valor", Kind: export.Number}, {Name: "diferencia", Kind: export.Number},
		{Name: "cambio_porcentual", Kind: export.Number}, {Name: "sentido", Width: 14}, {Name: "unidad", Width: 14}, {Name: "estado", Width: 14}, {Name: "estado_codigo", Width: 14}, {Name: "reportes", Kind: export.Integers},
	}...)
	for _, r := range revised {
		for _, x := range r.Vintages {
			row := dimensionCells([]any{d.ID, x.From, x.To}, dims, x.Value)
			var until any
			if !x.Until.IsZero() {
				until = x.Until.AddDate(0, 0, -1)
			}
			t.Rows = append(t.Rows, append(row, x.Since, until, export.Optional(x.Value.Value), export.Optional(x.Difference), export.Optional(x.Change), x.Direction, x.Unit, indicators.StatusText(x.Status), x.Status, list(x.Reports)))
		}
	}
	return t
}

// revisionsJSON is the revision table as a document.
func (q *request) revisionsJSON(d *indicators.Indicator) ([]byte, error) {
	type item struct {
		Since      string   `json:"publicada_desde"`
		Until      *string  `json:"publicada_hasta"` // its last day; null: still
		Value      *float64 `json:"valor"`
		Difference *float64 `json:"diferencia"`
		Change     *float64 `json:"cambio_porcentual"`
		Direction  string   `json:"sentido"`
		Status     string   `json:"estado"`
		Vintage    string   `json:"vigencia"`
		Reports    []int    `json:"reportes"`
	}
	type figure struct {
		From       string            `json:"periodo_inicio"`
		To         string            `json:"periodo_fin"`
		Dimensions map[string]string `json:"dimensiones"`
		Labels     map[string]string `json:"etiquetas"`
		Unit       string            `json:"unidad"`
		Vintages   []item            `json:"vigencias"`
	}
	figures := []figure{}
	for _, r := range q.revisions(d) {
		v := r.Figure
		f := figure{From: v.From.Format(time.DateOnly), To: v.To.Format(time.DateOnly), Dimensions: orEmpty(v.Dimensions), Labels: orEmpty(v.Labels), Unit: v.Unit}
		for _, x := range r.Vintages {
			i := item{
				Since: x.Since.Format(time.DateOnly), Value: x.Value.Value, Difference: x.Difference, Change: x.Change, Direction: x.Direction,
				Status: x.Status, Vintage: x.Vintage.Format(time.DateOnly), Reports: list(x.Reports),
			}
			if !x.Until.IsZero() {
				i.Until = day(x.Until.AddDate(0, 0, -1))
			}
			f.Vintages = append(f.Vintages, i)
		}
		figures = append(figures, f)
	}
	b, err := json.Marshal(map[string]any{"publicacion": q.Publication.ID, "indicador": d.ID, "as_of": q.asOfText(), "as_of_carga": q.loadNumber(), "revisiones": figures})
	if err != nil {
		return nil, fmt.Errorf("revisions of %s: %w", d.ID, err)
	}
	return append(b, '\n'), nil
}

// revisionFigure shows the revision table on the sheet.
func (q *request) revisionFigure(d *indicators.Indicator) figure {
	revised := q.revisions(d)
	f := figure{ID: "revisiones", Title: q.t("Revisiones")}
	f.Table = table{
		Caption: "Cada cifra que cambió, según cuándo se publicó", Empty: "Ninguna cifra de este indicador ha cambiado de una publicación a otra.",
		Head: []column{{Text: "Periodo"}, {Text: "Publicada desde"}, {"Valor", true}, {"Diferencia", true}, {"Cambio", true}, {Text: "Sentido"}, {Text: "Reportes"}},
	}
	rows, finer := 0, false
	for _, r := range revised {
		for _, x := range r.Vintages {
			since := cell{Text: formatDay(x.Since), Date: true}
			switch {
			case len(x.Reports) == 0:
				since = cell{Text: missing}
			case x.Since.Equal(x.Vintage):
				since.Text = formatDated(x.Vintage, x.VintagePrecision)
			}
			change := cell{Text: "—", Numeric: true}
			if x.Change != nil {
				change.Text = formatChange(x.Change)
			}
			f.Table.Rows = append(f.Table.Rows, []cell{
				{Text: formatPeriod(x.From, x.To), Head: true, Sub: x.label()}, since, valueCell(x.Value, d.Decimals), {Text: signed(x.Difference), Numeric: true},
				change, {Text: x.Direction}, q.reportsCell(x.Reports),
			})
			finer = finer || x.Direction == revisedFiner
			rows++
		}
	}
	f.Folded = rows > 40
	if d.Calendar != indicators.NoCalendar && rows > 0 {
		f.Caveats = append(f.Caveats, "Este indicador también cambia cuando vence un plazo, sin que nadie publique nada.")
	}
	if finer {
		f.Caveats = append(f.Caveats, "«Más precisa»: la cifra nueva cabe en lo que permitía la anterior, que su fuente había redondeado; no es una revisión.")
	}
	return f
}
