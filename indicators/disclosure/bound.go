package disclosure

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/optimize/convex/lp"
)

// tolerance is what the simplex takes for zero.
const tolerance = 1e-10

// headroom is how far beyond the truth a count is looked for: without a bound a
// solver's "no end" would have to be taken on trust.
const headroom = 1000

// extremes finds how far a goal can go, by linear programming, starting from what
// has been reached. The solver's answer counts only after it has been put into the
// rows again. Where it finds none, what was reached stands: a form is never called
// safe because a solver failed.
func (b *bounded) extremes(goal []float64, low, high float64) (float64, float64) {
	low = min(low, b.least(goal, low))
	other := make([]float64, len(goal))
	for i, x := range goal {
		other[i] = -x
	}
	return low, max(high, -b.least(other, -high))
}

// least is the smallest value of a goal, or what was reached where the solver
// finds no point or none that keeps the rows. The last row and column keep the sum
// of all below a bound.
func (b *bounded) least(goal []float64, reached float64) float64 {
	if len(b.free) == 0 || math.IsInf(reached, -1) {
		return reached
	}
	if b.corner == nil {
		b.corner = b.push()
	}
	rows, n := len(b.a), len(b.block)
	a := mat.NewDense(rows+1, n+1, nil)
	right := make([]float64, rows+1)
	for j := range n + 1 {
		a.Set(rows, j, 1)
	}
	for _, x := range b.truth {
		right[rows] += x + headroom
	}
	for i, row := range b.corner.a {
		right[i] = max(0, b.corner.x[b.corner.basis[i]])
		right[rows] -= right[i]
		for j, x := range row {
			a.Set(i, j, x)
			a.Set(rows, j, a.At(rows, j)-x)
		}
	}
	for i, c := range b.corner.basis { // exactly one and zero, whatever was rounded
		for k := range rows + 1 {
			a.Set(k, c, 0)
		}
		a.Set(i, c, 1)
	}
	_, point, err := lp.Simplex(append(slices.Clone(goal), 0), a, right, tolerance, append(slices.Clone(b.corner.basis), n))
	if err != nil || !b.possible(point[:n]) {
		return reached
	}
	b.points = append(b.points, point[:n])
	return dot(goal, point[:n])
}

// corner is a point of the block with as many counts above zero as there are rows,
// at most, and the rows solved for those: where the simplex can start.
type corner struct {
	a     [][]float64
	basis []int // column of each row
	x     []float64
}

// push makes a corner from the truth: each free count is brought down to zero, or
// to where another one reaches zero in its place.
func (b *bounded) push() *corner {
	c := &corner{basis: slices.Clone(b.pivot), x: slices.Clone(b.truth)}
	for _, row := range b.a {
		c.a = append(c.a, slices.Clone(row))
	}
	for _, f := range b.free {
		step, leaves := c.x[f], -1
		for i, row := range c.a {
			if row[f] >= -tolerance {
				continue
			}
			if s := c.x[c.basis[i]] / -row[f]; s < step || leaves >= 0 && s == step && row[f] < c.a[leaves][f] {
				step, leaves = s, i
			}
		}
		for i, row := range c.a {
			c.x[c.basis[i]] += row[f] * step
		}
		c.x[f] -= step
		if leaves < 0 {
			c.x[f] = 0
			continue
		}
		c.x[c.basis[leaves]] = 0
		c.exchange(leaves, f)
	}
	return c
}

// exchange solves a row for another column.
func (c *corner) exchange(row, column int) {
	lead := c.a[row][column]
	for j := range c.a[row] {
		c.a[row][j] /= lead
	}
	for i, r := range c.a {
		if factor := r[column]; i != row && factor != 0 {
			for j, x := range c.a[row] {
				r[j] -= factor * x
			}
		}
	}
	c.basis[row] = column
}

// possible tells whether a point keeps every row and no count is below zero.
func (b *bounded) possible(point []float64) bool {
	scale := 1.0
	for i, x := range point {
		if x < -rounding {
			return false
		}
		scale = max(scale, x, b.truth[i])
	}
	for _, row := range b.a {
		if math.Abs(dot(row, point)-dot(row, b.truth)) > rounding*scale {
			return false
		}
	}
	return true
}
