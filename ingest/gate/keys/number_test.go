package keys

import (
	"strconv"
	"strings"
	"testing"

	"github.com/gttim/cauce/data"
)

// number is a key's number, its own where it has no form.
func number(n *Numbers, r *Reader, key string) (int64, error) {
	got, err := r.Number([]byte(key))
	if got == 0 && err == nil {
		var own Texts
		own.Add([]byte(key))
		return n.Own(own)
	}
	return got, err
}

// read gives back the text that a number stands for.
func read(t *testing.T, n *Numbers, number int64) string {
	t.Helper()
	form, low := number>>data.NumberBits, number&(1<<data.NumberBits-1)
	want := form
	if form == 0 {
		want = number
	}
	text := ""
	err := n.Texts().Each(func(batch []Texts) error {
		for _, x := range batch {
			if i := want - x.First; i >= 0 && i < int64(x.Len()) {
				text = string(x.Text(int(i)))
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if form > 0 {
		digits := strconv.FormatInt(low, 10)
		text = text[:len(text)-len(digits)] + digits
	}
	return text
}

// Keys with a form share its text, whichever parser met them first; others have a
// number each.
func TestNumbersShareForms(t *testing.T) {
	n := NewNumbers(t.TempDir())
	a, b := n.Reader(), n.Reader()
	seen := map[int64]string{}
	for _, key := range []string{"UPM-001", "UPM-002", "UPM-999", "UPM-0001", "X-001", "UPM-003", "UPM", "UPM", strings.Repeat("z", 100) + "1"} {
		for _, r := range []*Reader{a, b} {
			number, err := number(n, r, key)
			if err != nil || read(t, n, number) != key {
				t.Errorf("%s is %d, read as %s: %v", key, number, read(t, n, number), err)
			}
			if other, ok := seen[number]; ok && other != key {
				t.Errorf("%s and %s have one number", key, other)
			}
			seen[number] = key
		}
	}
	if n.Texts().Len() != 3+6 {
		t.Errorf("%d texts are kept, expected 3 forms and 6 keys", n.Texts().Len())
	}
}

func FuzzNumber(f *testing.F) {
	for _, s := range []string{"", "1", "000", "UPM-2024-0000001", "99999999999999", "100000000000000", "a1b2", "x\xff7", "7x"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, key string) {
		n := NewNumbers(t.TempDir())
		defer n.Texts().Close()
		r := n.Reader()
		for range 2 {
			number, err := number(n, r, key)
			if got := read(t, n, number); err != nil || got != key || number <= 0 {
				t.Fatalf("%q is %d, read as %q: %v", key, number, got, err)
			}
		}
	})
}
