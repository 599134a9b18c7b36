package reference

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// mesa is a quotient of two columns of the judicialization table's summary at
// each cut-off.
func (r *Reports) mesa(asOf, numerator, denominator string, factor float64) ([]Value, error) {
	type cut struct {
		day, published string
		report         int
		n, d           float64
	}
	var cuts []cut
	for _, d := range r.of("sspc-mesa-resumen", asOf) {
		for _, row := range d.rows {
			n, err1 := strconv.ParseFloat(row[numerator], 64)
			m, err2 := strconv.ParseFloat(row[denominator], 64)
			if err := cmp.Or(err1, err2); err != nil {
				return nil, fmt.Errorf("%s: %w", d.name, err)
			}
			cuts = append(cuts, cut{row["fecha_corte"], lastDay(row["publicado_en"]), d.at, n, m})
		}
	}
	var out []Value
	for _, c := range newest(cuts, func(c cut) string { return c.day }, func(c cut) (string, int) { return c.published, c.report }) {
		out = append(out, ratio(c.n, c.d, factor, final).at(c.day, c.day))
	}
	return out, nil
}

func (r *Reports) caseFiles(asOf string) []Value {
	var out []Value
	for _, p := range r.inForce(asOf, "sesnsp_ley_migracion", "", "entidad") {
		out = append(out, count(p.value).at(p.from, p.to, "entidad", p.codes))
	}
	return out
}

// stage is one stage of the funnel in a period.
type stage struct {
	from, to, stage, unit, sex, state string
	rank, report                      int // rank 0: the funnel's own reports, which answer first
	published                         string
	n                                 float64
}

func (s stage) key() string {
	return strings.Join([]string{s.from, s.to, s.stage, s.unit, s.sex, s.state}, " ")
}

func (r *Reports) funnel(asOf string) ([]Value, error) {
	rows, err := r.table("reference/etapas.csv")
	if err != nil {
		return nil, err
	}
	means := map[string]map[string]string{}
	for _, row := range rows {
		means[row["codigo"]] = row
	}
	var own, all []stage
	for _, d := range r.of("fgr-embudo", asOf) {
		for _, row := range d.rows {
			n, err := strconv.ParseFloat(row["valor"], 64)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", d.name, err)
			}
			code := r.codes["etapas"][fold(row["etapa"])]
			own = append(own, stage{firstDay(row["fecha_inicio"]), lastDay(row["fecha_corte"]), means[code]["etapa"], row["unidad"],
				r.codes["sexo"][fold(row["sexo"])], "", 0, d.at, lastDay(row["publicado_en"]), n})
		}
	}
	all = newest(own, stage.key, func(s stage) (string, int) { return s.published, s.report })
	for rank, series := range []string{"fgr_trafico_personas", "fgr_via_cndh"} {
		for _, p := range r.inForce(asOf, series, "etapa", "entidad", "entidad,etapa") {
			s := stage{from: p.from, to: p.to, rank: rank + 1, report: p.report, published: p.published, n: p.value}
			code := "carpetas_iniciadas"
			switch p.dimension {
			case "etapa":
				code = p.codes
			case "entidad":
				s.state = p.codes
			default:
				s.state, code, _ = strings.Cut(p.codes, ",")
			}
			m, ok := means[code]
			if !ok {
				continue
			}
			s.stage = m["etapa"]
			s.unit, _, _ = strings.Cut(m["unidades"], "|")
			all = append(all, s)
		}
	}
	slices.SortStableFunc(all, func(a, b stage) int {
		return cmp.Or(cmp.Compare(a.rank, b.rank), -cmp.Compare(a.published, b.published))
	})
	var out []Value
	done := map[string]bool{}
	for _, s := range all {
		if !done[s.key()] {
			done[s.key()] = true
			out = append(out, count(s.n).at(s.from, s.to, "etapa", s.stage, "unidad", s.unit, "sexo", s.sex, "entidad", s.state))
		}
	}
	return out, nil
}

// complaint is a count of complaints; crime and sex are empty for all.
type complaint struct {
	from, to, crime, sex, published string
	rank, report                    int
	n                               float64
}

func (r *Reports) complaints(asOf string) ([]Value, error) {
	var all []complaint
	for _, d := range r.of("upmrip-denuncias", asOf) {
		for _, row := range d.rows {
			n, err := strconv.ParseFloat(row["denuncias"], 64)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", d.name, err)
			}
			all = append(all, complaint{firstDay(row["periodo_inicio"]), lastDay(row["periodo_fin"]), r.codes["delitos"][fold(row["delito"])],
				r.codes["sexo"][fold(row["sexo"])], lastDay(row["publicado_en"]), 0, d.at, n})
		}
	}
	for _, p := range r.history(asOf, "upmrip_delitos_denuncias", "", "delito", "sexo") {
		c := complaint{from: p.from, to: p.to, published: p.published, rank: 1, report: p.report, n: p.value}
		switch p.dimension {
		case "delito":
			c.crime = p.codes
		case "sexo":
			c.sex = p.codes
		}
		all = append(all, c)
	}
	// The best answer first: the dataset of its own, then the newest.
	slices.SortStableFunc(all, func(a, b complaint) int {
		return cmp.Or(cmp.Compare(a.rank, b.rank), -cmp.Compare(a.published, b.published), -cmp.Compare(a.report, b.report))
	})
	var out []Value
	done := map[string]bool{}
	for _, t := range all {
		at := t.from + t.to + t.sex
		if t.crime != "trafico_ilicito" || done[at] {
			continue
		}
		done[at] = true
		var same, other *complaint
		for i, c := range all {
			if c.from != t.from || c.to != t.to || c.sex != t.sex || c.crime != "" {
				continue
			}
			if c.report == t.report && same == nil {
				same = &all[i]
			}
			if other == nil {
				other = &all[i]
			}
		}
		v := Value{Numerator: num(t.n), Status: missing}
		if whole := cmp.Or(same, other); whole != nil {
			v = ratio(t.n, whole.n, 100, final)
		}
		out = append(out, v.at(t.from, t.to, "sexo", t.sex))
	}
	return out, nil
}
