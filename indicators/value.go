package indicators

import (
	"cmp"
	"fmt"
	"math"
	"math/big"
	"slices"
	"sort"
	"strconv"
	"time"

	"github.com/gttim/cauce/data"
	"github.com/gttim/cauce/indicators/mark"
	"github.com/gttim/cauce/internal/warehouse"
)

// Value is one figure: an indicator's value for one period and one combination
// of dimensions. Nil numbers mean that there is none, never zero.
type Value struct {
	Start      string            `json:"i"` // AAAA-MM-DD
	End        string            `json:"f"`
	Dimensions map[string]string `json:"d"`
	Labels     map[string]string `json:"e"`
	Value      *float64          `json:"v"`
	Numerator  *float64          `json:"n"`
	Denom      *float64          `json:"m"`
	Unit       string            `json:"u"`
	Status     string            `json:"s"`
	Break      bool              `json:"r"`
	Low        *float64          `json:"a"`
	High       *float64          `json:"b"`
	Notes      []string          `json:"t"`
	Attributes map[string]any    `json:"x"`
	Vintage    string            `json:"g"` // newest publication date used
	Precision  string            `json:"p"` // dia | mes | anio
	Reports    []int             `json:"q"`

	suppressed *float64 // how many of its cells the source suppressed, where the SQL counts them
}

// Statuses of a value, after SDMX CL_OBS_STATUS. StatusFinal is its A, "normal
// value": nothing else is known of it. The code says more than anybody claimed, and
// stays because stored values and the readers of the API have it; people read StatusText.
const (
	StatusFinal       = "definitivo"
	StatusPreliminary = "preliminar"
	StatusRevised     = "revisado"
	StatusEstimated   = "estimado"
	StatusMissing     = "faltante"
	StatusSuppressed  = "suprimido"
)

var statuses = map[string]string{
	StatusFinal: "Sin marca", StatusPreliminary: "Preliminar", StatusRevised: "Revisado",
	StatusEstimated: "Estimado", StatusMissing: "Faltante", StatusSuppressed: "Suprimido",
}

// StatusText is the Spanish word for a status wherever people read one, the code
// itself when there is none.
func StatusText(code string) string { return cmp.Or(statuses[code], code) }

// zeroDenominator is the note of a ratio that has no value.
const zeroDenominator = "El denominador es cero: no hay valor."

// newValue makes a figure of one row of an indicator's SQL. Columns that are
// neither a dimension nor one of the known names are a mistake.
func newValue(ind *Indicator, reference map[string]*data.Table, columns []string, row []any) (*Value, error) {
	v := &Value{Dimensions: map[string]string{}, Labels: map[string]string{}, Unit: ind.Unit, Status: StatusFinal, Precision: "dia", Notes: []string{}, Attributes: map[string]any{}, Reports: []int{}}
	given := false
	for i, c := range columns {
		var err error
		switch c {
		case "periodo_inicio":
			v.Start, err = day(row[i])
		case "periodo_fin":
			v.End, err = day(row[i])
		case "numerador":
			v.Numerator, err = number(row[i])
		case "denominador":
			v.Denom, err = number(row[i])
		case "valor":
			given = true
			v.Value, err = number(row[i])
		case "unidad":
			err = v.unit(ind, reference, row[i])
		case "estado":
			v.Status, err = text(row[i])
		case "suprimidas":
			v.suppressed, err = number(row[i])
		case "ruptura":
			v.Break, _ = row[i].(bool)
		case "intervalo_min":
			v.Low, err = number(row[i])
		case "intervalo_max":
			v.High, err = number(row[i])
		case "notas":
			v.Notes, err = texts(row[i])
		case "atributos":
			v.Attributes, err = object(row[i])
		case "publicado_en":
			v.Vintage, err = day(row[i])
		case "publicado_en_precision":
			v.Precision, err = text(row[i])
		case "reportes":
			v.Reports, err = integers(row[i])
		default:
			err = v.dimension(ind, reference, c, row[i])
		}
		if err != nil {
			return nil, fmt.Errorf("indicator %s, column %s: %w: %w", ind.ID, c, err, data.ErrDeclaration)
		}
	}
	if v.Start == "" || v.End == "" || v.Vintage == "" || statuses[v.Status] == "" {
		return nil, fmt.Errorf("indicator %s: a row lacks its period, its publication date or a known status (%q): %w", ind.ID, v.Status, data.ErrDeclaration)
	}
	if !given {
		v.calculate(ind.Calculation)
	}
	return v, nil
}

// unit reads the figure's unit, which is a dimension too where figures differ in it alone.
func (v *Value) unit(ind *Indicator, reference map[string]*data.Table, x any) (err error) {
	if v.Unit, err = text(x); err == nil && slices.ContainsFunc(ind.Dimensions, func(d Dimension) bool { return d.ID == "unidad" }) {
		err = v.dimension(ind, reference, "unidad", x)
	}
	return err
}

func (v *Value) dimension(ind *Indicator, reference map[string]*data.Table, column string, x any) error {
	for _, d := range ind.Dimensions {
		if d.ID != column {
			continue
		}
		code, err := text(x)
		if err != nil || x == nil {
			return err
		}
		v.Dimensions[column] = code
		v.Labels[column] = code
		if t := reference[d.Catalog]; t != nil {
			v.Labels[column] = t.Name(code)
		}
		return nil
	}
	return fmt.Errorf("not a known column and not a declared dimension")
}

// calculate derives the value; what cannot be divided has no value and says so.
func (v *Value) calculate(c Calculation) {
	if v.Numerator == nil {
		return
	}
	if c == Count {
		v.Value = v.Numerator
		return
	}
	if v.Denom == nil {
		return
	}
	if *v.Denom == 0 {
		v.Notes = append(v.Notes, zeroDenominator)
		v.Status = StatusMissing
		return
	}
	x := *v.Numerator / *v.Denom
	switch c {
	case Percent:
		x *= 100
	case Change:
		x = (x - 1) * 100
	}
	v.Value = &x
}

// suppressedAtSource is the note of a figure of which the source gives no part.
const suppressedAtSource = "La fuente suprimió alguna de las celdas que forman la cifra; no se da una suma parcial como si fuera el total."

// apply gives a figure the status that its marked rows ask for. One of which the
// source suppressed a part has no value: what is left would pass for the total. An
// indicator's SQL that counts the suppressed cells itself (column suprimidas) is
// believed. One without a value is missing. One that rests on a declared correction is revised and says why, unless
// the indicator hides cells, which a delivered value could give back.
func (v *Value) apply(ind *Indicator, marks []mark.Mark) {
	from := v.Start
	if day, err := time.Parse(time.DateOnly, v.Start); err == nil && ind.Calculation == Change {
		from = day.AddDate(-1, 0, 0).Format(time.DateOnly) // a change rests on the year before too
	}
	derived := len(ind.Uses) > 0 && v.Status != StatusMissing // of figures of other periods, perhaps
	hidden := v.suppressed != nil && *v.suppressed > 0
	for _, m := range marks {
		touches := m.Concerns(v.Reports, from, v.End, v.Dimensions)
		switch {
		case m.Suppressed && v.suppressed == nil:
			hidden = hidden || touches || derived && v.Value == nil && slices.Contains(v.Reports, m.Report)
		case !m.Suppressed && touches:
			if v.Status == StatusFinal {
				v.Status = StatusRevised
			}
			if ind.Class == data.ClassPublic && !slices.Contains(v.Notes, m.Note) {
				v.Notes = append(v.Notes, m.Note)
			}
		}
	}
	switch {
	case hidden:
		v.hide()
		v.Notes = append(v.Notes, suppressedAtSource)
	case v.Value == nil && v.Status == StatusFinal:
		v.Status = StatusMissing
	}
}

func number(x any) (*float64, error) {
	var f float64
	switch n := x.(type) {
	case nil:
		return nil, nil
	case float64:
		f = n
	case float32:
		f = float64(n)
	case int64:
		f = float64(n)
	case int32:
		f = float64(n)
	case int16:
		f = float64(n)
	case int8:
		f = float64(n)
	case uint64:
		f = float64(n)
	case uint32:
		f = float64(n)
	case *big.Int:
		f, _ = new(big.Float).SetInt(n).Float64()
	case warehouse.Decimal:
		f = n.Float64()
	default:
		return nil, fmt.Errorf("%T is not a number", x)
	}
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return nil, fmt.Errorf("%v is not a finite number", f)
	}
	return &f, nil
}

func day(x any) (string, error) {
	t, ok := x.(time.Time)
	if !ok {
		return "", fmt.Errorf("%T is not a date", x)
	}
	return t.Format(time.DateOnly), nil
}

func text(x any) (string, error) {
	switch s := x.(type) {
	case nil:
		return "", nil
	case string:
		return s, nil
	case int64, int32, int16, bool:
		return fmt.Sprint(s), nil
	}
	return "", fmt.Errorf("%T is not a text", x)
}

func texts(x any) ([]string, error) {
	out := []string{}
	list, ok := x.([]any)
	if x != nil && !ok {
		return nil, fmt.Errorf("%T is not a list of texts", x)
	}
	for _, e := range list {
		s, err := text(e)
		if err != nil {
			return nil, err
		}
		if s != "" {
			out = append(out, s)
		}
	}
	return out, nil
}

func integers(x any) ([]int, error) {
	out := []int{}
	list, ok := x.([]any)
	if x != nil && !ok {
		return nil, fmt.Errorf("%T is not a list of integers", x)
	}
	seen := map[int]bool{}
	var add func(list []any) error
	add = func(list []any) error {
		for _, e := range list {
			if inner, ok := e.([]any); ok {
				if err := add(inner); err != nil {
					return err
				}
				continue
			}
			n, err := strconv.Atoi(fmt.Sprint(e))
			if err != nil {
				return err
			}
			if !seen[n] {
				seen[n] = true
				out = append(out, n)
			}
		}
		return nil
	}
	if err := add(list); err != nil {
		return nil, err
	}
	sort.Ints(out)
	return out, nil
}

// object takes a STRUCT, a MAP or a JSON value as a JSON object.
func object(x any) (map[string]any, error) {
	switch o := x.(type) {
	case nil:
		return map[string]any{}, nil
	case map[string]any:
		return plain(o).(map[string]any), nil
	case warehouse.Map:
		out := map[string]any{}
		for k, v := range o {
			out[fmt.Sprint(k)] = plain(v)
		}
		return out, nil
	}
	return nil, fmt.Errorf("%T is not an object", x)
}

// plain makes driver types into those that JSON writes as people expect: dates
// as days, big integers and decimals as numbers.
func plain(x any) any {
	switch v := x.(type) {
	case map[string]any:
		out := map[string]any{}
		for k, e := range v {
			out[k] = plain(e)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = plain(e)
		}
		return out
	case time.Time:
		return v.Format(time.DateOnly)
	case *big.Int, warehouse.Decimal:
		if f, err := number(v); err == nil {
			return *f
		}
	}
	return x
}

// hide removes the figure and all that would give it back.
func (v *Value) hide() {
	v.Value, v.Numerator, v.Denom, v.Low, v.High = nil, nil, nil, nil, nil
	v.Status = StatusSuppressed
	v.Attributes = map[string]any{}
}
