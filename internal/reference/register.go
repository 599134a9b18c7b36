package reference

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
)

// register counts a delivered register of events.
type register struct {
	published string
	perMonth  map[string]int
	cells     map[[6]string]int // month, entidad, nacionalidad, sexo, grupo_edad, condicion
}

// AddEvents counts a register of events, one row per event, that was delivered
// with that date of publication. It reads the file once and keeps counts alone.
func (r *Reports) AddEvents(in io.Reader, published string) error {
	g := &register{published: lastDay(published), perMonth: map[string]int{}, cells: map[[6]string]int{}}
	c := csv.NewReader(in)
	c.ReuseRecord = true
	header, err := c.Read()
	if err != nil {
		return err
	}
	header = slices.Clone(header)
	col := func(name string) int { return slices.Index(header, name) }
	date, state, nation, sex, age, condition := col("fecha"), col("entidad"), col("nacionalidad"), col("sexo"), col("edad"), col("condicion")
	memo := map[string]string{}
	code := func(catalogue, text string) (string, error) {
		if k, ok := memo[catalogue+" "+text]; ok {
			return k, nil
		}
		k, ok := r.codes[catalogue][fold(text)]
		if !ok {
			return "", fmt.Errorf("%q is not in %s", text, catalogue)
		}
		memo[catalogue+" "+strings.Clone(text)] = k
		return k, nil
	}
	for {
		rec, err := c.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		years, err := strconv.Atoi(rec[age])
		if err != nil {
			return fmt.Errorf("edad: %w", err)
		}
		cell := [6]string{rec[date][:7], "", "", "", ageGroup(years), ""}
		for i, x := range []struct {
			catalogue string
			column    int
		}{{"entidades", state}, {"paises", nation}, {"sexo", sex}} {
			if cell[i+1], err = code(x.catalogue, rec[x.column]); err != nil {
				return err
			}
		}
		if cell[5], err = code("condicion", rec[condition]); err != nil {
			return err
		}
		if _, ok := g.cells[cell]; !ok {
			cell[0] = strings.Clone(cell[0])
		}
		g.cells[cell]++
	}
	for cell, n := range g.cells {
		g.perMonth[cell[0]] += n
	}
	r.register = g
	return nil
}

func ageGroup(years int) string {
	switch {
	case years < 12:
		return "0-11"
	case years < 18:
		return "12-17"
	}
	return "18+"
}

// months lists the months of a period, nil where the register lacks one.
func (g *register) months(from, to string) []string {
	all := monthsOf(from, to)
	for _, m := range all {
		if g.perMonth[m] == 0 {
			return nil
		}
	}
	return all
}

// count counts a breakdown in a period, by its codes.
func (g *register) count(from, to, dimension string) map[string]int {
	of := map[string][]int{"entidad": {1}, "nacionalidad": {2}, "sexo": {3}, "grupo_edad": {4}, "condicion": {5}, "grupo_edad,sexo": {4, 3}}[dimension]
	out := map[string]int{}
	for cell, n := range g.cells {
		if cell[0] < from[:7] || cell[0] > to[:7] {
			continue
		}
		codes := make([]string, len(of))
		for i, c := range of {
			codes[i] = cell[c]
		}
		out[strings.Join(codes, ",")] += n
	}
	return out
}

// registerPeriods are the periods that the register answers for: its months, its
// years up to the first month that it lacks, and published periods of whole months.
func (r *Reports) registerPeriods(asOf string) [][2]string {
	g := r.register
	found := map[[2]string]bool{}
	for m := range g.perMonth {
		found[[2]string{m + "-01", lastDay(m)}] = true
		if g.perMonth[m[:4]+"-01"] == 0 {
			continue
		}
		end := m[:4] + "-01"
		for _, next := range monthsOf(m[:4]+"-01-01", m[:4]+"-12-31") {
			if g.perMonth[next] == 0 {
				break
			}
			end = next
		}
		found[[2]string{m[:4] + "-01-01", lastDay(end)}] = true
	}
	for _, p := range r.inForce(asOf, eventSeries, "") {
		if strings.HasSuffix(p.from, "-01") && lastDay(p.to[:7]) == p.to && g.months(p.from, p.to) != nil {
			found[[2]string{p.from, p.to}] = true
		}
	}
	var out [][2]string
	for p := range found {
		out = append(out, p)
	}
	return out
}

// OfEvents are the indicators that a register of events changes.
var OfEvents = []string{"eventos_irregulares", "variacion_anual_eventos", "composicion_por_condicion", "composicion_por_entidad",
	"composicion_por_nacionalidad", "composicion_por_sexo_edad"}
