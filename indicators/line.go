package indicators

import (
	"encoding/json"
	"maps"
	"math"
	"slices"
	"strconv"
)

// pieces are the parts of a value's line that are columns of their own too: its
// dimensions, labels, notes, attributes and reports as JSON.
type pieces struct{ dimensions, labels, notes, attributes, reports string }

// encode writes the value's canonical form, byte by byte what encoding/json gives of
// it, and its pieces. Every state of a run writes thousands: looking at types again for
// each would take longer than what the database does for them.
func (v *Value) encode() (line string, p pieces, err error) {
	w := writer{b: make([]byte, 0, 512)}
	w.key(`{"i":`).text(v.Start)
	w.key(`,"f":`).text(v.End)
	w.key(`,"d":`)
	dimensions := w.piece(func() { w.texts(v.Dimensions) })
	w.key(`,"e":`)
	labels := w.piece(func() { w.texts(v.Labels) })
	w.key(`,"v":`).number(v.Value)
	w.key(`,"n":`).number(v.Numerator)
	w.key(`,"m":`).number(v.Denom)
	w.key(`,"u":`).text(v.Unit)
	w.key(`,"s":`).text(v.Status)
	w.key(`,"r":`).any(v.Break)
	w.key(`,"a":`).number(v.Low)
	w.key(`,"b":`).number(v.High)
	w.key(`,"t":`)
	notes := w.piece(func() { w.any(v.Notes) })
	w.key(`,"x":`)
	attributes := w.piece(func() { w.object(v.Attributes) })
	w.key(`,"g":`).text(v.Vintage)
	w.key(`,"p":`).text(v.Precision)
	w.key(`,"q":`)
	reports := w.piece(func() { w.any(v.Reports) })
	w.key(`}`)
	line = string(w.b)
	of := func(at [2]int) string { return line[at[0]:at[1]] }
	return line, pieces{of(dimensions), of(labels), of(notes), of(attributes), of(reports)}, w.err
}

// writer writes JSON as encoding/json does.
type writer struct {
	b   []byte
	err error
}

func (w *writer) key(s string) *writer {
	w.b = append(w.b, s...)
	return w
}

// piece tells where what f writes begins and ends.
func (w *writer) piece(f func()) [2]int {
	from := len(w.b)
	f()
	return [2]int{from, len(w.b)}
}

func (w *writer) text(s string) {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c > '~' || c == '"' || c == '\\' || c == '<' || c == '>' || c == '&' {
			w.marshal(s)
			return
		}
	}
	w.b = append(append(append(w.b, '"'), s...), '"')
}

func (w *writer) texts(m map[string]string) { fields(w, m, w.text) }
func (w *writer) object(m map[string]any)   { fields(w, m, w.any) }

func fields[V any](w *writer, m map[string]V, one func(V)) {
	if m == nil {
		w.key("null")
		return
	}
	w.b = append(w.b, '{')
	for i, k := range slices.Sorted(maps.Keys(m)) {
		if i > 0 {
			w.b = append(w.b, ',')
		}
		w.text(k)
		w.b = append(w.b, ':')
		one(m[k])
	}
	w.b = append(w.b, '}')
}

func (w *writer) number(f *float64) {
	if f == nil {
		w.key("null")
		return
	}
	w.any(*f)
}

// any writes what values are made of; the rest is left to encoding/json.
func (w *writer) any(x any) {
	switch x := x.(type) {
	case nil:
		w.key("null")
	case string:
		w.text(x)
	case bool:
		w.b = strconv.AppendBool(w.b, x)
	case int64:
		w.b = strconv.AppendInt(w.b, x, 10)
	case int32:
		w.b = strconv.AppendInt(w.b, int64(x), 10)
	case float64:
		// Plain digits between a millionth and 10^21, as encoding/json has it.
		if abs := math.Abs(x); abs == 0 || abs >= 1e-6 && abs < 1e21 {
			w.b = strconv.AppendFloat(w.b, x, 'f', -1, 64)
			return
		}
		w.marshal(x)
	case map[string]any:
		w.object(x)
	case []string:
		list(w, x, x == nil, w.text)
	case []int:
		list(w, x, x == nil, func(n int) { w.b = strconv.AppendInt(w.b, int64(n), 10) })
	default:
		w.marshal(x)
	}
}

func list[T any](w *writer, all []T, missing bool, one func(T)) {
	if missing {
		w.key("null")
		return
	}
	w.b = append(w.b, '[')
	for i, x := range all {
		if i > 0 {
			w.b = append(w.b, ',')
		}
		one(x)
	}
	w.b = append(w.b, ']')
}

func (w *writer) marshal(x any) {
	b, err := json.Marshal(x)
	if err != nil && w.err == nil {
		w.err = err
	}
	w.b = append(w.b, b...)
}
