package keys

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

func TestCandidatesWhenHashesMeet(t *testing.T) {
	a, b := New(t.TempDir(), 1<<20, 1), New(t.TempDir(), 1<<20, 1)
	for i := range int64(5000) {
		a.Add(Mix(0, uint64(i)), i+2)
	}
	b.Add(Mix(0, 7), 9000)
	b.Add(0, 9001)
	b.Add(1, 9002) // 0 stands for a free place, so it meets 1 and is compared exactly
	var got []int64
	found, repeated, err := Candidates([]*List{a, b}, 100, 100)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range found {
		got = append(got, c.Line)
	}
	slices.Sort(got)
	if !slices.Equal(got, []int64{9, 9000, 9001, 9002}) {
		t.Errorf("candidates %v", got)
	}
	if repeated != 2 {
		t.Errorf("%d repeat another's hash", repeated)
	}
	// Past the bound all are counted, and only those of the first lines listed.
	same := New(t.TempDir(), 10_000, 1)
	for line := range int64(5000) {
		same.Add(42, line+1)
	}
	if list, repeated, err := Candidates([]*List{same}, 10, 10); err != nil || repeated != 4999 || len(list) != 10 {
		t.Errorf("%d repeat, %d listed: %v", repeated, len(list), err)
	}
}

// A list without room says the same as one that holds everything, and leaves no file.
func TestCandidatesWhenKeysSpill(t *testing.T) {
	const n = 500_000
	dir := t.TempDir()
	var got [2][]Candidate
	for at, room := range []int{2 * n, 0} {
		a, b := New(dir, room, 1), New(dir, room, 1)
		for i := range int64(n) {
			a.Add(Mix(0, uint64(i)), i+2)
			if i%1000 == 7 {
				b.Add(Mix(0, uint64(i)), n+i)
			}
		}
		var err error
		if got[at], _, err = Candidates([]*List{a, b}, 2*n, 0); err != nil {
			t.Fatal(err)
		}
		if room == 0 && a.spill.size == 0 {
			t.Error("nothing was spilled")
		}
		if err := errors.Join(a.Close(), b.Close()); err != nil {
			t.Fatal(err)
		}
	}
	if len(got[0]) != 2*n/1000 || !slices.Equal(got[0], got[1]) {
		t.Errorf("%d candidates held, %d spilled", len(got[0]), len(got[1]))
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
}

func TestSpilledKeysTellAnErrorOfTheDisk(t *testing.T) {
	a := New(filepath.Join(t.TempDir(), "gone"), 0, 1)
	for i := range int64(keyParts * chunkLines * 3) {
		a.Add(Mix(0, uint64(i)), i)
	}
	if _, _, err := Candidates([]*List{a}, 1, 1); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("err = %v", err)
	}
}
