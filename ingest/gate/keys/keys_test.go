package keys

import (
	"slices"
	"testing"
)

func TestCandidatesWhenHashesMeet(t *testing.T) {
	var a, b List
	for i := range int64(5000) {
		a.Add(Mix(0, uint64(i)), i+2)
	}
	b.Add(Mix(0, 7), 9000)
	b.Add(0, 9001)
	b.Add(1, 9002) // 0 stands for a free place, so it meets 1 and is compared exactly
	var got []int64
	for _, c := range Candidates([]*List{&a, &b}) {
		got = append(got, c.Line)
	}
	slices.Sort(got)
	if !slices.Equal(got, []int64{9, 9000, 9001, 9002}) {
		t.Errorf("candidates %v", got)
	}
}
