package data_test

import (
	"strings"
	"testing"

	"github.com/gttim/cauce/data"
)

func TestProblemString(t *testing.T) {
	for _, tt := range []struct {
		name string
		p    data.Problem
		want string
	}{
		{"whole", data.Problem{File: "enero.csv", Line: 17, Column: 21, Field: "eventos", Value: "12.5", Rule: "R014", Message: "no es un número entero", Expected: "^[0-9]+$"},
			`enero.csv:17:21: columna "eventos", valor "12.5": R014 no es un número entero (se espera ^[0-9]+$)`},
		{"with hint", data.Problem{File: "f.csv", Line: 2, Column: 8, Field: "entidad", Value: "Chapas", Rule: "R020", Message: "no está en el catálogo", Hint: "¿Chiapas?"},
			`f.csv:2:8: columna "entidad", valor "Chapas": R020 no está en el catálogo; ¿Chiapas?`},
		{"line only", data.Problem{File: "f.csv", Line: 9, Rule: "R021", Message: "m"}, "f.csv:9: R021 m"},
		{"file only", data.Problem{File: "f.csv", Rule: "R001", Message: "m"}, "f.csv: R001 m"},
		{"hostile name and value", data.Problem{File: "a\nb.csv", Line: 1, Field: "x", Value: "\x1b[2J\u202e", Rule: "R023", Message: "m"},
			`a\nb.csv:1: columna "x", valor "\u001b[2J\u202e": R023 m`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := tt.p.String(); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

func TestPrintable(t *testing.T) {
	for _, tt := range []struct{ name, in, want string }{
		{"plain", "Chiapas, México", "Chiapas, México"},
		{"line ends and tab", "a\r\n\tb", `a\r\n\tb`},
		{"NUL", "a\x00b", `a\u0000b`},
		{"invalid byte", "M\xe9xico", `M\xe9xico`},
		{"truncated sequence", "a\xc3", `a\xc3`},
		{"replacement character itself", "a\uFFFDb", "a\uFFFDb"},
		{"bidirectional override", "\u202Eabc", `\u202eabc`},
		{"zero width", "a\u200bb", `a\u200bb`},
		{"combining mark", "a\u0310", `a\u0310`},
		{"line separator", "a\u2028b", `a\u2028b`},
		{"80 characters", strings.Repeat("ñ", 80), strings.Repeat("ñ", 80)},
		{"81 characters", strings.Repeat("ñ", 81), strings.Repeat("ñ", 80) + "…"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := data.Printable(tt.in); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// What a guide shows an agency is of its own dataset: the header, a row of the columns'
// examples, and values that are right and wrong by the contract.
func TestStandardRules(t *testing.T) {
	shaped := 0
	for _, ds := range mustLoad(t).Datasets {
		rules := map[string]data.Rule{}
		for _, r := range ds.StandardRules() {
			rules[r.ID] = r
			if (r.Bad == "") != (r.Good == "") && ds.Hierarchy == nil {
				t.Errorf("%s: %s has one example: %q, %q", ds.ID, r.ID, r.Bad, r.Good)
			}
			for _, foreign := range []string{"2024,1,5", "anio,mes,eventos", "UPM-0000"} {
				if strings.HasPrefix(r.Good, foreign) && ds.Columns[0].Example != r.Good {
					t.Errorf("%s: %s shows %q", ds.ID, r.ID, r.Good)
				}
			}
		}
		if len(rules) != len(data.Rules()) {
			t.Errorf("%s: %d rules", ds.ID, len(rules))
		}
		if r := rules[data.RuleDelimiter]; ds.Hierarchy == nil && (!strings.HasPrefix(r.Good, ds.Columns[0].Name+ds.Delimiter) || strings.Contains(r.Bad, ds.Delimiter)) {
			t.Errorf("%s: the header is shown as %q and %q", ds.ID, r.Good, r.Bad)
		}
		r := rules[data.RulePattern]
		for i := range ds.Columns {
			col := &ds.Columns[i]
			bad, of := strings.CutSuffix(r.Bad, " ("+col.Name+")")
			if !of {
				continue
			}
			shaped++
			if r.Good != col.Example+" ("+col.Name+")" || !col.Regexp().MatchString(col.Example) || col.Regexp().MatchString(bad) {
				t.Errorf("%s: %s is wrong as %q and right as %q", ds.ID, r.ID, r.Bad, r.Good)
			}
		}
	}
	if shaped < 5 {
		t.Errorf("%d datasets show a value that is not of the form", shaped)
	}
}

func TestRules(t *testing.T) {
	last := ""
	for _, r := range data.Rules() {
		if r.ID <= last {
			t.Errorf("rule %s is out of order or twice", r.ID)
		}
		last = r.ID
		if r.Text == "" || r.Expected == "" || r.Bad == "" || r.Good == "" {
			t.Errorf("rule %s lacks text, expectation or an example", r.ID)
		}
		if got, ok := data.RuleByID(r.ID); !ok || got != r {
			t.Errorf("rule %s is not found by its id", r.ID)
		}
	}
	if _, ok := data.RuleByID("R999"); ok {
		t.Error("found a rule that is not there")
	}
	// Rules of datasets cannot be taken for standard ones.
	seen := map[string]string{}
	for _, ds := range mustLoad(t).Datasets {
		for _, r := range ds.Rules {
			if _, ok := data.RuleByID(r.ID); ok || seen[r.ID] != "" {
				t.Errorf("%s: rule id %s is taken (%s)", ds.ID, r.ID, seen[r.ID])
			}
			seen[r.ID] = ds.ID
		}
	}
}

// What a sensitive or restricted dataset holds of people is not repeated.
func TestDiscreet(t *testing.T) {
	c := data.Contract{Columns: []data.Column{{Name: "nombre", Type: data.TypeText}, {Name: "area", Type: data.TypeCategory},
		{Name: "entidad", Type: data.TypeCatalog}, {Name: "edad", Type: data.TypeInteger}, {Name: "fecha", Type: data.TypeDate}}}
	for _, tt := range []struct {
		p    data.Problem
		told bool
	}{
		{data.Problem{Field: "nombre", Value: "Fulana"}, false},
		{data.Problem{Field: "area", Value: "Fulana"}, false},
		{data.Problem{Field: "entidad", Value: "Fulana"}, false},
		{data.Problem{Field: "entidad", Value: "Chapas", Hint: "¿quiso decir «Chiapas»?"}, true},
		{data.Problem{Field: "edad", Value: "12.5"}, true},
		{data.Problem{Field: "edad", Value: "Fulana"}, false},
		{data.Problem{Field: "fecha", Value: "30/02/2024"}, true},
		{data.Problem{Value: "1,Fulana,7", Rule: data.RuleNoHeader}, false},
		{data.Problem{Field: "Nombre", Value: "Nombre", Rule: data.RuleExtraColumn}, true},
	} {
		for class, open := range map[data.Class]bool{data.ClassPublic: true, data.ClassInternal: true, data.ClassSensitive: tt.told, data.ClassRestricted: tt.told} {
			c.Class = class
			want := data.Hidden
			if open {
				want = tt.p.Value
			}
			if got := c.Discreet(tt.p).Value; got != want {
				t.Errorf("%s, %+v: %q, want %q", class, tt.p, got, want)
			}
		}
	}
	c.Class = data.ClassRestricted
	if got := c.Discreet(data.Problem{Field: "nombre", Rule: data.RuleRequired}).Value; got != "" {
		t.Errorf("an empty value is told as %q", got)
	}
}
