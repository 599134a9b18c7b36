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
		{"a quote in a name", `SELECT "it's" FROM t WHERE x = 'y'`, []string{"from", "it", "s", "select", "t", "where", "x"}},
		{"quotes in a name", `SELECT "a""b" FROM t WHERE x = 'y'`, []string{"a", "b", "from", "select", "t", "where", "x"}},
		{"an escaped quote", `SELECT E'it\'s' FROM t WHERE x = 'y'`, []string{"from", "select", "t", "where", "x"}},
		{"a name that ends in e", "SELECT e FROM casa_e'x'", []string{"casa_e", "e", "from", "select"}},
		{"a text in dollars", "SELECT $$it's$$ FROM t WHERE x = 'y'", []string{"from", "it", "s", "select", "t", "where", "x", "y"}},
		{"a comment in a comment", "SELECT /* a /* b */ c' */ 1 FROM t WHERE x = 'y'", []string{"1", "a", "b", "c", "from", "select", "t", "where", "x", "y"}},
		{"a tag with a digit", "SELECT $a1$it's$a1$ FROM t WHERE x = 'y'", []string{"a1", "from", "it", "s", "select", "t", "where", "x", "y"}},
		{"a tag with an accent", "SELECT $é$it's$é$ FROM t WHERE x = 'y'", []string{"from", "it", "s", "select", "t", "where", "x", "y"}},
		{"a line that ends as on old machines", "SELECT 1 -- it's\rFROM t\n", []string{"1", "from", "select", "t"}},
		{"a relation as a text", "FROM 'T' JOIN -- with\n'u', 'a b'", []string{"from", "join", "t", "u"}},
		{"a relation after a space of another kind", "FROM\u00a0't'", []string{"from", "t"}},
		{"a relation in a list", "FROM t, 'u'", []string{"from", "t", "u"}},
		{"a relation given to a function", "FROM query('SELECT * FROM t')", []string{"from", "query", "select", "t"}},
		{"another", "FROM query_table('t')", []string{"from", "query_table", "t"}},
		{"a text that does not end", "SELECT 'a' FROM t -- c\nWHERE x = 'y -- z", []string{"from", "select", "t", "where", "x", "y", "z"}},
		{"a comment that does not end", "SELECT 'a' /* b", []string{"b", "select"}},
		{"a division", "SELECT a / b - c FROM t", []string{"a", "b", "c", "from", "select", "t"}},
		{"a text of two words", "SELECT f('a b', 'c')", []string{"c", "f", "select"}},
		{"an escaped text is no relation", "SELECT x FROM E't'", []string{"from", "select", "x"}},
		{"nothing", "", nil},
	} {
		if got := slices.Sorted(maps.Keys(Words(tt.query))); !slices.Equal(got, tt.want) {
			t.Errorf("%s: %v", tt.name, got)
		}
	}
}
