package data_test

import (
	"testing"

	"github.com/gttim/cauce/data"
)

func TestFold(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"", ""},
		{"Michoacán", "michoacan"},
		{"MICHOACAN ", "michoacan"},
		{"  Quintana \t Roo\n", "quintana roo"},
		{"HONDUREÑA", "hondureña"},
		{"HONDUREN\u0303A", "hondureña"}, // NFD
		{"hondurena", "hondurena"},
		{"Haiti\u0301", "haiti"},
		{"Curaçao", "curacao"},
		{"Türkiye", "turkiye"},
		{"Q. Roo", "q. roo"},
		{"18+", "18+"},
		{"日本", "日本"},
	} {
		if got := data.Fold(tt.in); got != tt.want {
			t.Errorf("Fold(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}

func TestNearest(t *testing.T) {
	states := []string{"Chiapas", "Chihuahua", "Tabasco", "Michoacán", "Nuevo León"}
	for _, tt := range []struct{ in, want string }{
		{"Chapas", "Chiapas"},
		{"CHIAPA", "Chiapas"},
		{"michoacam", "Michoacán"},
		{"Nuevo Leon", "Nuevo León"},
		{"Chihuaua", "Chihuahua"},
		{"Atlántida", ""},
		{"", ""},
		{"x", ""},
	} {
		if got := data.Nearest(tt.in, states); got != tt.want {
			t.Errorf("Nearest(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
	long := make([]byte, 100_000)
	for i := range long {
		long[i] = 'a'
	}
	if got := data.Nearest(string(long), states); got != "" {
		t.Errorf("a long value is near %q", got)
	}
	if got := data.Nearest("Chiapas", nil); got != "" {
		t.Errorf("near %q of nothing", got)
	}
}
