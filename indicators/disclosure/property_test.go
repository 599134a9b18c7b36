package disclosure

import (
	"fmt"
	"math"
	"math/bits"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/gttim/cauce/data"
	"github.com/gttim/cauce/indicators"
)

// table makes all margins of a random table with the given number of codes each.
func table(r *rand.Rand, ind *indicators.Indicator, small float64, sizes ...int) []*Figure {
	sums := map[string]float64{}
	var order []string
	index := make([]int, len(sizes))
	for {
		n := float64(r.IntN(60))
		switch x := r.Float64(); {
		case x < small:
			n = float64(1 + r.IntN(9))
		case x < small+0.1:
			n = 0
		}
		for mask := range 1 << len(sizes) {
			where := ""
			for i := range sizes {
				if mask>>i&1 == 1 {
					where += fmt.Sprintf("%s=%d,", ind.Dimensions[i].ID, index[i])
				}
			}
			if _, ok := sums[where]; !ok {
				order = append(order, where)
			}
			sums[where] += n
		}
		i := 0
		for ; i < len(sizes); i++ {
			if index[i]++; index[i] < sizes[i] {
				break
			}
			index[i] = 0
		}
		if i == len(sizes) {
			break
		}
	}
	var out []*Figure
	for _, w := range order {
		out = append(out, figure(ind, w, sums[w]))
	}
	return out
}

// After suppression of random three-way tables with all their margins the auditor
// finds no leak, and to show any companion again would be one.
func TestProperty_threeWayTables(t *testing.T) {
	ind := count("victimas", data.ClassSensitive, "sexo", "edad", "entidad")
	c := control(t, ind)
	cells, hidden := 0, 0
	for seed := range uint64(25) {
		r := rand.New(rand.NewPCG(seed, 7))
		figures := table(r, ind, 0.15, 2, 2+r.IntN(2), 2+r.IntN(3))
		out := safe(t, c, figures)
		cells += len(out)
		for i, f := range out {
			if f.Value.Status != indicators.StatusSuppressed {
				continue
			}
			hidden++
			planted := slices.Clone(out)
			planted[i] = figures[slices.IndexFunc(figures, func(x *Figure) bool { return where(x) == where(f) })]
			planted[i] = shown(planted[i], planted[i].Span)
			if err := c.Audit(figures, planted); err == nil {
				t.Errorf("seed %d: %s is hidden and need not be\n%s", seed, where(f), show(figures, out))
			}
		}
	}
	if hidden == 0 || hidden == cells {
		t.Errorf("%d of %d cells are hidden", hidden, cells)
	}
	t.Logf("%d of %d cells hidden (%.1f %%)", hidden, cells, 100*float64(hidden)/float64(cells))
}

// In a table of some hundred cells the search for a better choice ends early; what it
// ends with holds all the same, and is not everything.
func TestProperty_wideTable(t *testing.T) {
	ind := count("victimas", data.ClassSensitive, "entidad", "sexo", "edad")
	c := control(t, ind)
	figures := table(rand.New(rand.NewPCG(1, 7)), ind, 0.15, 16, 2, 3)
	out := safe(t, c, figures)
	if n := len(hiddenOf(out, "victimas")); n < 20 || 3*n > 2*len(out) {
		t.Errorf("%d of %d cells are hidden", n, len(out))
	}
}

// The choice is the same each time: two choices for the same figures, seen one after
// the other, would give away what neither does.
func TestProperty_sameChoice(t *testing.T) {
	ind := count("victimas", data.ClassSensitive, "sexo", "edad", "entidad")
	share := count("participacion", data.ClassSensitive, "entidad")
	share.Calculation, share.Disclosure = indicators.Percent, indicators.Disclosure{Numerator: "victimas", Denominator: "victimas"}
	c := control(t, ind, share)
	figures := table(rand.New(rand.NewPCG(5, 7)), ind, 0.2, 2, 3, 4)
	total := *figures[slices.IndexFunc(figures, func(f *Figure) bool { return where(f) == "" })].Value.Numerator
	for _, f := range figures {
		if w := where(f); len(f.Value.Dimensions) == 1 && f.Value.Dimensions["entidad"] != "" {
			figures = append(figures, ratio(share, w, *f.Value.Numerator, total))
		}
	}
	first := show(nil, c.Disclose(figures))
	for range 10 {
		if again := show(nil, c.Disclose(figures)); again != first {
			t.Fatalf("first\n%s\nthen\n%s", first, again)
		}
	}
}

// The interval that the auditor finds contains every whole-numbered table that
// agrees with what is shown and, in tables of two ways, is exactly theirs.
func TestProperty_intervalsAreTheReaders(t *testing.T) {
	ind := count("victimas", data.ClassInternal, "fila", "columna")
	policy := control(t, ind).policy
	checked := 0
	for seed := range uint64(60) {
		r := rand.New(rand.NewPCG(seed, 11))
		s := newSystem(policy, nil)
		figures := table(r, ind, 0.5, 2, 3)
		s.add(figures)
		hidden := make([]bool, len(s.cells))
		var inner []int
		for i, c := range s.cells {
			if len(c.key.dimensions()) == 2 && s.vars[i].truth < 15 && len(inner) < 5 && r.IntN(4) > 0 {
				hidden[i] = true
				inner = append(inner, i)
			}
		}
		if len(inner) == 0 {
			continue
		}
		v := newSolver(s)
		low, high := enumerate(s, inner)
		seen := make([]bool, len(s.vars))
		unknown := v.unknowns(hidden)
		for _, x := range inner {
			clear(seen)
			b := v.reduce(v.block(unknown, []int{x}, seen, len(seen), true))
			b.walk()
			goal, constant := b.goal(&form{terms: []term{{x, 1}}})
			l, h := b.reached(goal)
			l, h = b.extremes(goal, l, h)
			l, h = math.Ceil(l+constant-rounding), math.Floor(h+constant+rounding)
			if l != low[x] || h != high[x] {
				t.Errorf("seed %d, %s: [%v, %v], the tables say [%v, %v]", seed, s.name(x), l, h, low[x], high[x])
			}
			checked++
		}
	}
	if checked < 50 {
		t.Errorf("only %d intervals were compared", checked)
	}
}

// enumerate tries every table of small whole numbers that keeps the rows.
func enumerate(s *system, hidden []int) (low, high map[int]float64) {
	low, high = map[int]float64{}, map[int]float64{}
	value := make([]float64, len(s.vars))
	bound := make([]int, len(s.vars))
	for i, v := range s.vars {
		value[i] = v.truth
	}
	for _, x := range hidden { // a cell is at most what its tightest margin hides
		bound[x] = math.MaxInt
		for _, row := range s.rows {
			sum, in := 0.0, false
			for _, t := range row {
				in = in || t.variable == x
				if slices.Contains(hidden, t.variable) {
					sum += s.vars[t.variable].truth
				}
			}
			if in {
				bound[x] = min(bound[x], int(sum))
			}
		}
	}
	var try func(i int)
	try = func(i int) {
		if i < len(hidden) {
			for n := 0; n <= bound[hidden[i]]; n++ {
				value[hidden[i]] = float64(n)
				try(i + 1)
			}
			return
		}
		for _, row := range s.rows {
			sum := 0.0
			for _, t := range row {
				sum += t.factor * value[t.variable]
			}
			if sum != 0 {
				return
			}
		}
		for _, x := range hidden {
			if _, ok := low[x]; !ok {
				low[x], high[x] = value[x], value[x]
			}
			low[x], high[x] = min(low[x], value[x]), max(high[x], value[x])
		}
	}
	try(0)
	return low, high
}

// What the heuristic loses against the fewest cells that can be hidden, found by
// trying all choices on small tables.
func TestProperty_lossAgainstTheOptimum(t *testing.T) {
	ind := count("victimas", data.ClassInternal, "fila", "columna")
	policy := control(t, ind).policy
	cells, ours, best := 0, 0, 0
	for seed := range uint64(40) {
		r := rand.New(rand.NewPCG(seed, 3))
		s := newSystem(policy, nil)
		s.add(table(r, ind, 0.2, 3, 3))
		v := newSolver(s)
		first := v.primary()
		chosen := v.suppress()
		if len(v.leaks(v.unknowns(chosen))) > 0 {
			t.Fatalf("seed %d: the choice leaks", seed)
		}
		var rest []int
		for c, h := range first {
			if !h {
				rest = append(rest, c)
			}
		}
		fewest := v.count(chosen)
		for mask := range uint(1) << len(rest) {
			if v.count(first)+bits.OnesCount(mask) >= fewest {
				continue
			}
			hidden := slices.Clone(first)
			for i, c := range rest {
				hidden[c] = mask>>i&1 == 1
			}
			if len(v.leaks(v.unknowns(hidden))) == 0 {
				fewest = v.count(hidden)
			}
		}
		cells += len(s.cells)
		ours += v.count(chosen)
		best += fewest
	}
	lost, least := 100*float64(ours)/float64(cells), 100*float64(best)/float64(cells)
	t.Logf("cells lost: %.1f %%; at best %.1f %% (%.2f times)", lost, least, lost/least)
	if best == 0 || float64(ours) > 1.1*float64(best) {
		t.Errorf("%d cells of %d are lost, the fewest are %d", ours, cells, best)
	}
}
