package disclosure

import (
	"math"
	"math/big"
	"slices"
)

// bounded is a block ready to be solved: a·x = a·truth, x ≥ 0, a in reduced row
// echelon form.
type bounded struct {
	system *system
	block  []int
	at     map[int]int // variable → its place in the block
	truth  []float64
	a      [][]float64
	pivot  []int // column of each row's leading one
	free   []int
	points [][]float64 // what a reader must hold possible
	rays   [][]float64 // directions without end
	corner *corner
}

// reduce eliminates exactly, in rational numbers: what is left of dependent rows is
// nothing, and a variable whose row has no other is known.
func (v *solver) reduce(block []int) *bounded {
	b := &bounded{system: v.system, block: block, at: map[int]int{}, truth: make([]float64, len(block))}
	for i, x := range block {
		b.at[x], b.truth[i] = i, v.vars[x].truth
	}
	rows := map[int]bool{}
	var m [][]*big.Rat
	for _, x := range block {
		for _, r := range v.rowsOf[x] {
			if rows[r] {
				continue
			}
			rows[r] = true
			line := make([]*big.Rat, len(block))
			for _, t := range v.rows[r] {
				if i, ok := b.at[t.variable]; ok {
					line[i] = new(big.Rat).SetFloat64(t.factor)
				}
			}
			m = append(m, line)
		}
	}
	b.pivot = eliminate(m, len(block))
	for _, line := range m[:len(b.pivot)] {
		row := make([]float64, len(block))
		for i, x := range line {
			if x != nil {
				row[i], _ = x.Float64()
			}
		}
		b.a = append(b.a, row)
	}
	for i := range block {
		if !slices.Contains(b.pivot, i) {
			b.free = append(b.free, i)
		}
	}
	return b
}

// eliminate brings m, in which nil is zero, to reduced row echelon form and gives
// the columns of the leading ones; rows beyond them are zero.
func eliminate(m [][]*big.Rat, columns int) []int {
	var pivot []int
	product := new(big.Rat)
	for c := 0; c < columns && len(pivot) < len(m); c++ {
		p := slices.IndexFunc(m[len(pivot):], func(r []*big.Rat) bool { return r[c] != nil && r[c].Sign() != 0 })
		if p < 0 {
			continue
		}
		at := len(pivot)
		m[at], m[at+p] = m[at+p], m[at]
		lead := new(big.Rat).Inv(m[at][c])
		var used []int
		for j, x := range m[at] {
			if x != nil && x.Sign() != 0 {
				x.Mul(x, lead)
				used = append(used, j)
			}
		}
		for i, r := range m {
			if i == at || r[c] == nil || r[c].Sign() == 0 {
				continue
			}
			factor := new(big.Rat).Set(r[c])
			for _, j := range used {
				if r[j] == nil {
					r[j] = new(big.Rat)
				}
				r[j].Sub(r[j], product.Mul(factor, m[at][j]))
			}
		}
		pivot = append(pivot, c)
	}
	return pivot
}

// goal gives a form's factors on the block, and what its known terms add up to.
func (b *bounded) goal(f *form) (goal []float64, constant float64) {
	goal = make([]float64, len(b.block))
	for _, t := range f.terms {
		if i, ok := b.at[t.variable]; ok {
			goal[i] += t.factor
			continue
		}
		constant += t.factor * b.system.vars[t.variable].truth
	}
	return goal, constant
}

// distance counts the variables in which a point is not the truth.
func (b *bounded) distance(point []float64) int {
	n := 0
	for i, x := range point {
		if math.Abs(x-b.truth[i]) > rounding {
			n++
		}
	}
	return n
}

// walk goes from the truth along each direction that keeps the rows, as far as no
// count falls below zero: all of these a reader must hold possible.
func (b *bounded) walk() {
	if b.points != nil {
		return
	}
	b.points = append(b.points, b.truth)
	for _, f := range b.free {
		d := make([]float64, len(b.block))
		d[f] = 1
		for i, p := range b.pivot {
			d[p] = -b.a[i][f]
		}
		for _, sign := range []float64{1, -1} {
			step := math.Inf(1)
			for i := range d {
				if move := sign * d[i]; move < 0 {
					step = min(step, b.truth[i]/-move)
				}
			}
			point := make([]float64, len(d))
			if math.IsInf(step, 1) {
				for i := range d {
					point[i] = sign * d[i]
				}
				b.rays = append(b.rays, point)
				continue
			}
			for i := range d {
				point[i] = b.truth[i] + sign*step*d[i]
			}
			b.points = append(b.points, point)
		}
	}
}

// reached gives how far the points found so far spread a goal.
func (b *bounded) reached(goal []float64) (low, high float64) {
	low, high = math.Inf(1), math.Inf(-1)
	for _, p := range b.points {
		x := dot(goal, p)
		low, high = min(low, x), max(high, x)
	}
	for _, r := range b.rays {
		switch x := dot(goal, r); {
		case x > 0:
			high = math.Inf(1)
		case x < 0:
			low = math.Inf(-1)
		}
	}
	return low, high
}

func dot(a, b []float64) float64 {
	var sum float64
	for i, x := range a {
		sum += x * b[i]
	}
	return sum
}
