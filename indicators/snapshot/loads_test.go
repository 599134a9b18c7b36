package snapshot

import "testing"

func TestVersion(t *testing.T) {
	loads := []load{{id: 2, until: 5}, {id: 5}, {id: 7, until: 9}}
	for _, tt := range []struct{ at, version, counting int }{
		{1, 0, 0}, {2, 2, 1}, {4, 2, 1}, {5, 5, 1}, {6, 5, 1}, {7, 7, 2}, {8, 7, 2}, {9, 9, 1}, {12, 9, 1},
	} {
		if v, n := version(loads, tt.at), len(counting(loads, tt.at)); v != tt.version || n != tt.counting {
			t.Errorf("at %d: version %d, %d loads", tt.at, v, n)
		}
	}
}

// What reads the ledger, with its schema's name or without, hangs on more than the rows
// in force.
func TestNames_moving(t *testing.T) {
	for query, fixed := range map[string]bool{
		"SELECT count(*) FROM current.eventos": true,
		"SELECT count(*) FROM ledger.en_vigor": false,
		"SELECT count(*) FROM en_vigor":        false,
		"SELECT count(*) FROM Vigencias":       false,
		"SELECT getvariable('as_of')":          false,
		"SELECT 1 -- as getvariable says":      true,
	} {
		if _, got := (&Snapshot{}).Names(Words(query)); got != fixed {
			t.Errorf("%s: fixed %v", query, got)
		}
	}
}
