package reference

import (
	"slices"
	"strings"
	"time"
)

// side is what one source says of a comparison.
type side struct {
	n      float64
	ok     bool
	report int // of the document that prints the figure, 0 when it stands in several
}

// said looks up one side of a declared comparison: an indicator of this package,
// or a series as a document printed it.
func (r *Reports) said(asOf string, row map[string]string, which string) side {
	from, to := row["inicio_"+which], row["fin_"+which]
	if row["origen_"+which] == "serie" {
		var all []point
		for _, p := range r.history(asOf, row["clave_"+which], row["dimension_"+which]) {
			if p.codes == row["codigos_"+which] && p.from == from && p.to == to && strings.HasPrefix(p.published, row["publicado_"+which]) {
				all = append(all, p)
			}
		}
		all = newest(all, func(point) string { return "" }, point.when)
		if len(all) == 0 {
			return side{}
		}
		return side{all[0].value, true, all[0].report}
	}
	values := r.events(asOf)
	if row["clave_"+which] == "carpetas_ley_migracion" {
		values = r.caseFiles(asOf)
	}
	sum, months := 0.0, 0
	for _, v := range values {
		if len(v.Dimensions) > 0 {
			continue
		}
		if v.From == from && v.To == to {
			return side{*v.Numerator, true, r.printed(asOf, row["clave_"+which], from, to)}
		}
		if isMonth(v.From, v.To) && v.From >= from && v.To <= to {
			sum += *v.Numerator
			months++
		}
	}
	return side{sum, months > 0 && months == len(monthsOf(from, to)), 0}
}

// printed is the document whose point the case files of a period are, 0 for none.
func (r *Reports) printed(asOf, indicator, from, to string) int {
	if indicator != "carpetas_ley_migracion" {
		return 0
	}
	for _, p := range r.inForce(asOf, "sesnsp_ley_migracion", "") {
		if p.from == from && p.to == to {
			return p.report
		}
	}
	return 0
}

func (r *Reports) reconciliation(asOf string) ([]Value, error) {
	rows, err := r.table("reference/conciliaciones.csv")
	if err != nil {
		return nil, err
	}
	var out []Value
	difference := func(a, b float64) Value {
		return Value{Numerator: num(a), Denominator: num(b), Number: num(a - b), Status: final}
	}
	for _, row := range rows {
		if row["origen_a"] == "" {
			continue
		}
		a, b := r.said(asOf, row, "a"), r.said(asOf, row, "b")
		itself := row["lado_a"] == row["lado_b"] && a.report != 0 && a.report == b.report
		if a.ok && b.ok && !itself {
			out = append(out, difference(a.n, b.n).at(row["inicio_b"], row["fin_b"], "conciliacion", row["codigo"]))
		}
	}
	whole := r.wholeBreakdowns()
	var sums []partSum
	for _, t := range r.history(asOf, "", "") {
		if !t.rounded {
			sums = append(sums, r.partsOf(t, asOf, whole)...)
		}
	}
	sums = newest(sums, func(s partSum) string { return s.total.series + s.total.period() + s.kind }, func(s partSum) (string, int) { return s.total.when() })
	for _, s := range sums {
		out = append(out, difference(s.parts, s.total.value).at(s.total.from, s.total.to, "conciliacion", s.kind, "serie", s.total.series))
	}
	return out, nil
}

// partSum is the parts of one document beside its total.
type partSum struct {
	total point
	kind  string
	parts float64
}

// wholeBreakdowns are the breakdowns whose categories are known to be all there are.
func (r *Reports) wholeBreakdowns() map[string][]string {
	out := map[string][]string{"condicion": {"presentado", "canalizado"}, "sexo": {"mujer", "hombre"}, "grupo_edad": {"0-17", "18+"}}
	for _, l := range r.labels["composicion"] {
		if !slices.Contains(out["composicion"], l.code) {
			out["composicion"] = append(out["composicion"], l.code)
		}
	}
	return out
}

func (r *Reports) partsOf(t point, asOf string, whole map[string][]string) []partSum {
	var out []partSum
	for dimension, categories := range whole {
		sum, found := 0.0, map[string]bool{}
		for _, p := range r.history(asOf, t.series, dimension) {
			if p.report == t.report && p.published == t.published && p.period() == t.period() && !p.rounded && slices.Contains(categories, p.codes) {
				sum += p.value
				found[p.codes] = true
			}
		}
		if len(found) == len(categories) {
			out = append(out, partSum{t, "partes_" + dimension, sum})
		}
	}
	sum, days, starts, n := 0.0, 0, map[string]bool{}, 0
	for _, p := range r.history(asOf, t.series, "") {
		inside := p.from >= t.from && p.to <= t.to && p.period() != t.period()
		if p.report == t.report && p.published == t.published && !p.rounded && inside {
			sum += p.value
			days += daysOf(p)
			starts[p.from] = true
			n++
		}
	}
	if n > 0 && days == daysOf(t) && len(starts) == n {
		out = append(out, partSum{t, "partes_periodos", sum})
	}
	return out
}

func daysOf(p point) int {
	from, err1 := time.Parse(time.DateOnly, p.from)
	to, err2 := time.Parse(time.DateOnly, p.to)
	if err1 != nil || err2 != nil {
		return 0
	}
	return int(to.Sub(from).Hours()/24) + 1
}

// revisions is the newest published value of a series and period over the first.
func (r *Reports) revisions(asOf string) []Value {
	bySeries := map[[3]string][]point{}
	for _, p := range r.history(asOf, "", "") {
		if !p.rounded {
			k := [3]string{p.series, p.from, p.to}
			bySeries[k] = append(bySeries[k], p)
		}
	}
	var out []Value
	for k, all := range bySeries {
		if len(all) < 2 {
			continue
		}
		slices.SortStableFunc(all, func(a, b point) int {
			return strings.Compare(a.published, b.published)
		})
		status := final
		for _, p := range all {
			if p.value != all[0].value {
				status = revised
			}
		}
		out = append(out, change(all[len(all)-1].value, all[0].value, status).at(k[1], k[2], "conjunto", "cifras-publicadas", "serie", k[0]))
	}
	return out
}
