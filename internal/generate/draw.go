package generate

import "math/rand/v2"

// draw picks an index with the given weights in constant time (Vose's alias
// method).
type draw struct {
	keep  []float64
	alias []int
}

func newDraw(weights []float64) *draw {
	n, sum := len(weights), 0.0
	for _, w := range weights {
		sum += w
	}
	d := &draw{keep: make([]float64, n), alias: make([]int, n)}
	scaled := make([]float64, n)
	var small, large []int
	for i, w := range weights {
		scaled[i] = w / sum * float64(n)
		if scaled[i] < 1 {
			small = append(small, i)
		} else {
			large = append(large, i)
		}
	}
	for len(small) > 0 && len(large) > 0 {
		s, l := small[len(small)-1], large[len(large)-1]
		small = small[:len(small)-1]
		d.keep[s], d.alias[s] = scaled[s], l
		if scaled[l] -= 1 - scaled[s]; scaled[l] < 1 {
			large, small = large[:len(large)-1], append(small, l)
		}
	}
	for _, i := range append(small, large...) {
		d.keep[i] = 1
	}
	return d
}

func (d *draw) next(r *rand.Rand) int {
	i := r.IntN(len(d.keep))
	if r.Float64() < d.keep[i] {
		return i
	}
	return d.alias[i]
}
