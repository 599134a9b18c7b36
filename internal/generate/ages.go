package generate

import (
	"math/rand/v2"
	"strconv"
)

// Where people begin to count as adults, and the oldest age that is written.
const (
	adult  = 18
	oldest = 90
)

// ages draws ages so that minors have their published share. The age of the row
// decides what can be said about company.
type ages struct {
	r      *rand.Rand
	minors float64
	age    int
}

func newAges(ps published, r *rand.Rand) *ages {
	a := &ages{r: r, minors: float64(adult) / oldest}
	parts, total := ps.margin("grupo_edad")
	minors, known := parts["<"+strconv.Itoa(adult)]
	adults, grown := parts[">="+strconv.Itoa(adult)]
	switch {
	case known && grown:
		a.minors = minors / (minors + adults)
	case known && total > 0:
		a.minors = minors / total
	case grown && total > 0:
		a.minors = 1 - adults/total
	}
	return a
}

func (a *ages) years(b []byte, _ int) []byte {
	if a.r.Float64() < a.minors {
		a.age = a.r.IntN(adult)
	} else {
		// The lower of two draws: there are more young adults than old ones.
		span := oldest - adult + 1
		a.age = adult + min(a.r.IntN(span), a.r.IntN(span))
	}
	return strconv.AppendInt(b, int64(a.age), 10)
}

func (a *ages) company(b []byte, _ int) []byte {
	switch {
	case a.age >= adult:
		return append(b, "no_aplica"...)
	case a.r.IntN(2) == 0:
		return append(b, "no_acompanado"...)
	}
	return append(b, "acompanado"...)
}
