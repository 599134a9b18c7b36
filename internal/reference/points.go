package reference

import (
	"fmt"
	"sort"
	"strconv"
	"strings"
)

// point is one published figure. dimension and codes list its breakdowns in
// alphabetical order, joined by commas; empty for a total.
type point struct {
	series, from, to, dimension, codes string
	value                              float64
	rounded, preliminary               bool
	published                          string
	report                             int
}

func (p point) period() string { return p.from + "/" + p.to }

func (p point) observation() string {
	return strings.Join([]string{p.series, p.from, p.to, p.dimension, p.codes}, " ")
}

func (p point) when() (string, int) { return p.published, p.report }

func (r *Reports) readPoints() error {
	for _, d := range r.of("cifras-publicadas", "9999-12-31") {
		for _, row := range d.rows {
			value, err := strconv.ParseFloat(row["valor"], 64)
			if err != nil {
				return fmt.Errorf("%s: %w", d.name, err)
			}
			p := point{series: row["serie"], from: firstDay(row["periodo_inicio"]), to: lastDay(row["periodo_fin"]), value: value,
				rounded: row["redondeado"] == "1", preliminary: strings.HasPrefix(strings.ToLower(row["nota"]), "preliminar"),
				published: lastDay(row["publicado_en"]), report: d.at}
			p.dimension, p.codes = r.breakdown(row["dimension"], row["valor_dimension"])
			r.points = append(r.points, p)
		}
	}
	return nil
}

// breakdown turns published labels into codes; one that no catalogue knows stands
// for itself.
func (r *Reports) breakdown(dimension, text string) (string, string) {
	names, labels := strings.Split(dimension, ","), []string{text}
	if len(names) > 1 {
		labels = strings.Split(text, ",")
	}
	var parts []label
	for i, name := range names {
		if c, ok := r.codes["dimensiones"][fold(name)]; ok {
			name = c
		}
		if name == "total" {
			continue
		}
		l, ok := r.labels[name][fold(labels[i])]
		if !ok {
			l = label{name, labels[i]}
		}
		codes := strings.Split(l.code, ",")
		for j, d := range strings.Split(l.dimension, ",") {
			parts = append(parts, label{d, codes[j]})
		}
	}
	sort.Slice(parts, func(i, j int) bool { return parts[i].dimension < parts[j].dimension })
	var ds, cs []string
	for _, p := range parts {
		ds, cs = append(ds, p.dimension), append(cs, p.code)
	}
	return strings.Join(ds, ","), strings.Join(cs, ",")
}

// history lists every figure published by a day, superseded ones too, of a series
// and of the breakdowns named.
func (r *Reports) history(asOf, series string, dimensions ...string) []point {
	var out []point
	for _, p := range r.points {
		if p.published > asOf || series != "" && p.series != series {
			continue
		}
		for _, d := range dimensions {
			if p.dimension == d {
				out = append(out, p)
			}
		}
	}
	return out
}

// inForce lists the newest of every observation.
func (r *Reports) inForce(asOf, series string, dimensions ...string) []point {
	return newest(r.history(asOf, series, dimensions...), point.observation, point.when)
}

// half is half the place to which a figure was rounded.
func half(v float64) float64 {
	place := 1.0
	for n := int64(v); n != 0 && n%10 == 0; n /= 10 {
		place *= 10
	}
	return place / 2
}
