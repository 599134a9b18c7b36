package snapshot

import (
	"maps"
	"slices"
	"testing"
)

func TestWords(t *testing.T) {
	for _, tt := range []struct {
		name, query string
		want        []string
	}{
		{"names", `SELECT a.x FROM Current."Tabla_1" a`, []string{"a", "current", "from", "select", "tabla_1", "x"}},
		{"a comment", "SELECT 1 -- from eventos\nFROM t", []string{"1", "from", "select", "t"}},
		{"a block", "SELECT /* eventos\n */ 1", []string{"1", "select"}},
		{"a text", "SELECT 'de eventos''s' AS x", []string{"as", "select", "x"}},
		{"dashes in a text", "SELECT '--' FROM t", []string{"from", "select", "t"}},
		{"nothing", "", nil},
	} {
		if got := slices.Sorted(maps.Keys(Words(tt.query))); !slices.Equal(got, tt.want) {
			t.Errorf("%s: %v", tt.name, got)
		}
	}
}
