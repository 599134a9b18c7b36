package indicators_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/gttim/cauce/data"
	"github.com/gttim/cauce/indicators"
)

// neverZero are the indicators whose denominator counts what the declarations ask
// for: without anything asked there is no row, and no division.
var neverZero = []string{"completitud_reportes", "indice_informacion_tim", "oportunidad_reportes"}

// Each indicator declares what it gives in the plain case, without data, with a
// denominator of zero, and when an agency publishes a figure again.
func TestDeclaredTests_haveEveryCase(t *testing.T) {
	decls, err := data.Load("")
	must(t, err)
	catalog, err := indicators.Load(decls)
	must(t, err)
	for _, ind := range catalog {
		has := map[string]bool{}
		must(t, ind.ReadTests())
		for _, test := range ind.Tests {
			for _, c := range cases(test) {
				has[c] = true
			}
		}
		want := []string{"plain", "missing", "revision"}
		if ind.Calculation != indicators.Count && !slices.Contains(neverZero, ind.ID) {
			want = append(want, "zero denominator")
		}
		for _, c := range want {
			if !has[c] {
				t.Errorf("%s declares no test of the case: %s", ind.ID, c)
			}
		}
	}
}

// cases says which cases a declared test is an example of.
func cases(test indicators.Test) (out []string) {
	if len(test.Expect) == 0 && len(test.ExpectSome) == 0 {
		out = append(out, "missing")
	}
	for _, e := range slices.Concat(test.Expect, test.ExpectSome) {
		value, told := e["valor"]
		switch {
		case told && value != nil:
			out = append(out, "plain")
		case told && fmt.Sprint(e["denominador"]) == "0":
			out = append(out, "zero denominator", "missing")
		case told:
			out = append(out, "missing")
		}
	}
	for _, rows := range test.Given {
		vintages := map[any]bool{}
		for _, r := range rows {
			vintages[r["publicado_en"]] = true
		}
		if len(vintages) > 1 {
			out = append(out, "revision")
		}
	}
	return out
}
