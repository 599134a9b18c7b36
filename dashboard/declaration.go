package dashboard

import (
	"encoding/json"
	"time"
)

// Text is a text in Spanish and, where declared, English. It reads both the
// object form and a plain string, which is Spanish.
type Text struct {
	ES string `json:"es"`
	EN string `json:"en"`
}

// UnmarshalJSON reads "texto" or {"es": "texto", "en": "text"}.
func (t *Text) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '"' {
		return json.Unmarshal(b, &t.ES)
	}
	type object Text
	return json.Unmarshal(b, (*object)(t))
}

// Source is where a figure comes from: a text and, where there is one, its
// address.
type Source struct {
	Text string `json:"texto"`
	URL  string `json:"url"`
}

// Break is a date at which an indicator's method changed.
type Break struct {
	From string `json:"desde"` // AAAA-MM-DD, first day of the new method
	Text Text   `json:"texto"`
}

// Day is the first day of the new method, zero when From is not a day.
func (b Break) Day() time.Time {
	d, _ := time.Parse(time.DateOnly, b.From)
	return d
}

// DimensionIDs are the ids of an indicator's dimensions, read from the list of
// declared dimensions.
type DimensionIDs []string

// UnmarshalJSON reads [{"id": "sexo", …}, …].
func (d *DimensionIDs) UnmarshalJSON(b []byte) error {
	var list []struct {
		ID string `json:"id"`
	}
	if err := json.Unmarshal(b, &list); err != nil {
		return err
	}
	for _, x := range list {
		*d = append(*d, x.ID)
	}
	return nil
}

// Declaration is what the published file says of an indicator: its sheet.
type Declaration struct {
	ID             string          `json:"id"`
	Name           Text            `json:"nombre"`
	Definition     Text            `json:"definicion"`
	Formula        string          `json:"formula"`
	MathFormula    string          `json:"formula_matematica"`
	Unit           string          `json:"unidad"`
	Decimals       int             `json:"decimales"`
	Periodicity    string          `json:"periodicidad"`
	Dimensions     DimensionIDs    `json:"dimensiones"`
	Datasets       []string        `json:"conjuntos"`
	Sources        []Source        `json:"fuentes"`
	DoesNotMeasure []Text          `json:"no_mide"`
	Limits         []Text          `json:"limites"`
	Breaks         []Break         `json:"rupturas"`
	Reading        Text            `json:"interpretacion"`
	Direction      string          `json:"direccion"`
	Target         json.RawMessage `json:"meta"`
	Class          string          `json:"clase"`
	Additive       bool            `json:"aditivo"`
	Version        string          `json:"version"`
	Responsible    string          `json:"responsable"`
	Chart          ChartHint       `json:"grafica"`
	Calculation    string          `json:"calculo"`
	Notes          []Text          `json:"notas"`
	Hash           string          `json:"hash"`
}

// ChartHint is the declared form of an indicator's chart.
type ChartHint struct {
	Kind  string `json:"tipo"` // barras | lineas | dona | ejes
	Title string `json:"titulo"`
}
