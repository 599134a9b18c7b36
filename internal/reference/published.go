package reference

import (
	"encoding/json"
	"fmt"
	"io"
)

// Published reads the values of an indicator's document, as the API gives it.
func Published(document io.Reader) ([]Value, error) {
	var d struct {
		Values []struct {
			From        string            `json:"periodo_inicio"`
			To          string            `json:"periodo_fin"`
			Dimensions  map[string]string `json:"dimensiones"`
			Number      *float64          `json:"valor"`
			Numerator   *float64          `json:"numerador"`
			Denominator *float64          `json:"denominador"`
			Status      string            `json:"estado"`
			Interval    []float64         `json:"intervalo"`
			Break       bool              `json:"ruptura"`
		} `json:"valores"`
	}
	if err := json.NewDecoder(document).Decode(&d); err != nil {
		return nil, fmt.Errorf("read published values: %w", err)
	}
	out := make([]Value, len(d.Values))
	for i, v := range d.Values {
		out[i] = Value{From: v.From, To: v.To, Dimensions: v.Dimensions, Number: v.Number, Numerator: v.Numerator,
			Denominator: v.Denominator, Status: v.Status, Break: v.Break}
		if len(v.Interval) == 2 {
			out[i].Low, out[i].High = &v.Interval[0], &v.Interval[1]
		}
	}
	return out, nil
}
