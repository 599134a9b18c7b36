package keys

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// Whatever order numbers come in, and whichever parser takes which block, those that
// come twice are found, and no others.
func TestRunsFindWhatComesTwice(t *testing.T) {
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 1))
		n := 1 + r.IntN(6000)
		numbers := make([]int64, n)
		number := int64(1) << 48
		for i := range numbers {
			number++
			if r.IntN(4) == 0 {
				number += int64(r.IntN(1 << r.IntN(40)))
			}
			numbers[i] = number
		}
		switch r.IntN(4) { // else in order
		case 0:
			r.Shuffle(n, func(i, j int) { numbers[i], numbers[j] = numbers[j], numbers[i] })
		case 1: // several files, one behind the other
			for range r.IntN(5) {
				at := r.IntN(n)
				numbers = slices.Concat(numbers[at:], numbers[:at])
			}
		}
		for range r.IntN(3) * r.IntN(20) {
			numbers[r.IntN(n)] = numbers[r.IntN(n)]
		}
		lists := []*List{New(t.TempDir(), 1<<r.IntN(20), seed), New(t.TempDir(), 1<<20, seed)}
		lines := map[int64][]int64{}
		line, block := int64(0), 1+r.IntN(2000)
		others := r.IntN(2) == 0
		for at := 0; at < n; at += block {
			l := lists[r.IntN(2)]
			l.Cut()
			for _, x := range numbers[at:min(at+block, n)] {
				line += 1 + int64(r.IntN(20)/19)
				l.AddNumber(x, line)
				lines[x] = append(lines[x], line)
				if others && r.IntN(50) == 0 { // a key without a number
					line++
					l.Add(Mix(seed+1, uint64(line)), line)
				}
			}
		}
		var want, got []int64
		for _, x := range lines {
			if len(x) > 1 {
				want = append(want, x...)
			}
		}
		slices.Sort(want)
		found, _, err := Candidates(lists, 1<<20, 1<<40)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range found {
			got = append(got, c.Line)
		}
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Fatalf("seed %d: %d records meet, expected %d", seed, len(got), len(want))
		}
		for _, l := range lists {
			l.Close()
		}
	}
}

// A file in order leaves no hash to compare.
func TestRunsInOrderKeepNothing(t *testing.T) {
	a, b := New(t.TempDir(), 1<<20, 7), New(t.TempDir(), 1<<20, 7)
	for i := range int64(100_000) {
		l := a
		if i/1000%3 == 0 {
			l = b
		}
		if i%1000 == 0 {
			l.Cut()
		}
		l.AddNumber(1<<48+i, i+2)
	}
	if found, _, err := Candidates([]*List{a, b}, 10, 10); err != nil || len(found) > 0 {
		t.Fatalf("%d records meet: %v", len(found), err)
	}
	for _, l := range []*List{a, b} {
		for at := range l.parts {
			if n := l.parts[at].count(); n > 0 {
				t.Fatalf("%d hashes", n)
			}
		}
	}
}
