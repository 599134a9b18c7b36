package reference

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"
)

const eventSeries = "upmrip_eventos_smi"

// methodBreak is the day from which events are presented and channelled persons,
// and not presented ones alone.
const methodBreak = "2021-01-01"

// total is the events of a period with the interval of a rounded figure.
type total struct {
	from, to  string
	n         float64
	low, high float64
	status    string
	register  bool
}

// totals are the events of every period: of the register where it covers the
// period whole, else the newest published figure.
func (r *Reports) totals(asOf string) []total {
	var out []total
	done := map[string]bool{}
	if g := r.register; g != nil && g.published <= asOf {
		for _, p := range r.registerPeriods(asOf) {
			n := 0
			for _, m := range g.months(p[0], p[1]) {
				n += g.perMonth[m]
			}
			done[p[0]+"/"+p[1]] = true
			out = append(out, total{p[0], p[1], float64(n), float64(n), float64(n), final, true})
		}
	}
	before := r.history(asOf, eventSeries, "")
	for _, p := range r.inForce(asOf, eventSeries, "") {
		if done[p.period()] {
			continue
		}
		t := total{p.from, p.to, p.value, p.value, p.value, final, false}
		for _, h := range before {
			if h.period() == p.period() && h.published < p.published && h.value != p.value {
				t.status = revised
			}
		}
		if p.preliminary {
			t.status = preliminary
		}
		if p.rounded {
			t.status, t.low, t.high = estimated, p.value-half(p.value), p.value+half(p.value)
		}
		out = append(out, t)
	}
	return out
}

func (r *Reports) events(asOf string) []Value {
	var out []Value
	for _, t := range r.totals(asOf) {
		v := count(t.n)
		v.Status = t.status
		if t.low != t.high {
			v.Low, v.High = num(t.low), num(t.high)
		}
		out = append(out, v.at(t.from, t.to))
	}
	return out
}

func (r *Reports) eventChange(asOf string) []Value {
	years := map[string]total{}
	for _, t := range r.totals(asOf) {
		if strings.HasSuffix(t.from, "-01-01") && t.to == t.from[:4]+"-12-31" {
			years[t.from[:4]] = t
		}
	}
	var out []Value
	for year, a := range years {
		day, err := time.Parse("2006", year)
		b, ok := years[day.AddDate(-1, 0, 0).Format("2006")]
		if err != nil || !ok {
			continue
		}
		v := change(a.n, b.n, worst(a.status, b.status))
		v.Break = b.from < methodBreak && a.from >= methodBreak
		if a.low != a.high || b.low != b.high {
			v.Low, v.High = num((a.low/b.high-1)*100), num((a.high/b.low-1)*100)
		}
		out = append(out, v.at(a.from, a.to))
	}
	return out
}

// worst is the status of a figure made of two.
func worst(a, b string) string {
	for _, s := range []string{estimated, preliminary, revised} {
		if a == s || b == s {
			return s
		}
	}
	return final
}

// part is one category's events in a period.
type part struct {
	from, to, dimension, codes string
	n                          float64
	rounded                    bool
	published                  string // of a published point
}

// shares are the categories of breakdowns in the total of their period; name
// turns a breakdown's codes into the figure's dimensions.
func (r *Reports) shares(asOf string, name func(codes string, dimension string) []string, dimensions ...string) []Value {
	var parts []part
	covered := map[string]bool{}
	if g := r.register; g != nil && g.published <= asOf {
		for _, p := range r.registerPeriods(asOf) {
			for _, d := range dimensions {
				for codes, n := range g.count(p[0], p[1], d) {
					parts = append(parts, part{p[0], p[1], d, codes, float64(n), false, ""})
					covered[p[0]+"/"+p[1]+d] = true
				}
			}
		}
	}
	for _, p := range r.inForce(asOf, eventSeries, dimensions...) {
		if !covered[p.period()+p.dimension] {
			parts = append(parts, part{p.from, p.to, p.dimension, p.codes, p.value, p.rounded, p.published})
		}
	}
	whole := map[string]total{}
	for _, t := range r.totals(asOf) {
		whole[t.from+"/"+t.to] = t
	}
	var out []Value
	for _, p := range parts {
		t, ok := whole[p.from+"/"+p.to]
		if !ok {
			continue
		}
		status := t.status
		if p.rounded {
			status = estimated
		}
		if p.published != "" && r.totalRevisedSince(asOf, t, p.published) {
			v := Value{Numerator: num(p.n), Status: missing}
			out = append(out, v.at(p.from, p.to, name(p.codes, p.dimension)...))
			continue
		}
		v := ratio(p.n, t.n, 100, status)
		if p.rounded && t.n != 0 {
			v.Low, v.High = num((p.n-half(p.n))/t.n*100), num((p.n+half(p.n))/t.n*100)
		}
		out = append(out, v.at(p.from, p.to, name(p.codes, p.dimension)...))
	}
	return out
}

// totalRevisedSince tells whether, on the day a part was published, its period had
// another total than now, or has been given one since; one that fits in the other's
// rounding is no other. A part of a time before there was any total is of none.
func (r *Reports) totalRevisedSince(asOf string, t total, day string) bool {
	var all []point
	for _, h := range r.history(asOf, eventSeries, "") {
		if h.from == t.from && h.to == t.to {
			all = append(all, h)
		}
	}
	slices.SortStableFunc(all, func(a, b point) int { return strings.Compare(a.published, b.published) })
	another := func(h point) bool {
		room := (t.high - t.low) / 2
		if h.rounded {
			room = max(room, half(h.value))
		}
		return math.Abs(h.value-t.n) > room
	}
	begun, since := false, ""
	for _, h := range all {
		switch {
		case another(h):
			begun, since = true, ""
		case since == "":
			since = h.published
		}
	}
	return begun && day < since
}

func oneDimension(codes, dimension string) []string { return []string{dimension, codes} }

func sexAndAge(codes, dimension string) []string {
	age, sex, both := strings.Cut(codes, ",")
	if both {
		return []string{"grupo_edad", age, "sexo", sex}
	}
	return oneDimension(codes, dimension)
}

// All are the indicators that are computed here.
var All = slices.Concat(OfEvents, []string{"acuerdos_cumplidos", "acuerdos_gttim_en_tiempo", "acuerdos_por_reunion", "avance_plan_trabajo",
	"carpetas_ley_migracion", "completitud_reportes", "conciliacion_fuentes", "denuncias_tim", "embudo_procuracion", "indice_informacion_tim",
	"magnitud_revisiones", "oportunidad_reportes", "publicaciones_tim", "rutas_proteccion_implementadas", "sesiones_gttim"})

// Values computes an indicator as the agencies had published by a day.
func (r *Reports) Values(indicator string, asOf time.Time) ([]Value, error) {
	day := asOf.Format(time.DateOnly)
	today := day
	if r.today.Before(asOf) {
		today = r.today.Format(time.DateOnly)
	}
	switch indicator {
	case "eventos_irregulares":
		return r.events(day), nil
	case "variacion_anual_eventos":
		return r.eventChange(day), nil
	case "composicion_por_condicion", "composicion_por_entidad", "composicion_por_nacionalidad":
		return r.shares(day, oneDimension, strings.TrimPrefix(indicator, "composicion_por_")), nil
	case "composicion_por_sexo_edad":
		return r.shares(day, sexAndAge, "sexo", "grupo_edad", "grupo_edad,sexo"), nil
	case "acuerdos_cumplidos":
		return r.mesa(day, "acuerdos_cumplidos", "acuerdos", 100)
	case "acuerdos_por_reunion":
		return r.mesa(day, "acuerdos", "reuniones", 1)
	case "carpetas_ley_migracion":
		return r.caseFiles(day), nil
	case "embudo_procuracion":
		return r.funnel(day)
	case "denuncias_tim":
		return r.complaints(day)
	case "avance_plan_trabajo":
		return r.plan(day), nil
	case "acuerdos_gttim_en_tiempo":
		return r.agreements(day), nil
	case "rutas_proteccion_implementadas":
		return r.routes(day), nil
	case "sesiones_gttim":
		return r.sessions(day), nil
	case "publicaciones_tim":
		return r.publications(day), nil
	case "oportunidad_reportes", "completitud_reportes":
		return r.punctuality(today), nil
	case "indice_informacion_tim":
		return r.index(day, today)
	case "conciliacion_fuentes":
		return r.reconciliation(day)
	case "magnitud_revisiones":
		return r.revisions(day), nil
	}
	return nil, fmt.Errorf("indicator %s is not computed here", indicator)
}

// isMonth tells whether a period is one calendar month.
func isMonth(from, to string) bool {
	return strings.HasSuffix(from, "-01") && lastDay(from[:7]) == to
}

// monthsOf lists the months from one day to another as AAAA-MM.
func monthsOf(from, to string) []string {
	var out []string
	for m := from[:7]; m <= to[:7]; {
		out = append(out, m)
		t, err := time.Parse("2006-01", m)
		if err != nil {
			return nil
		}
		m = t.AddDate(0, 1, 0).Format("2006-01")
	}
	return slices.Clip(out)
}
