package pipeline

import (
	"errors"
	"fmt"
	"testing"

	"github.com/duckdb/duckdb-go/v2"
)

// A report that finds too little memory beside what is computed of those before it is
// loaded without that, once.
func TestFollower_apart(t *testing.T) {
	full := fmt.Errorf("clean: %w", &duckdb.Error{Type: duckdb.ErrorTypeOutOfMemory, Msg: "Out of Memory Error: failed to pin block"})
	other := errors.New("no such file")
	for _, tt := range []struct {
		name        string
		follows     bool
		gives       []error
		want        error
		ended, runs int
	}{
		{"enough memory", true, []error{nil}, nil, 0, 1},
		{"too little beside", true, []error{full, nil}, nil, 1, 2},
		{"too little alone", true, []error{full, full}, full, 1, 2},
		{"another error", true, []error{other}, other, 0, 1},
		{"nothing follows", false, []error{full}, full, 0, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var f follower
			ended, freed, runs := 0, 0, 0
			if tt.follows {
				f = follower{more: make(chan struct{}, 1), end: func() { ended++ }, free: func() error {
					if freed++; ended != freed {
						t.Error("memory is given back while it is used")
					}
					return nil
				}}
			}
			err := f.apart(func() error { runs++; return tt.gives[runs-1] })
			if !errors.Is(err, tt.want) || err != nil && tt.want == nil || ended != tt.ended || freed != tt.ended || runs != tt.runs {
				t.Errorf("%v, ended %d times, memory given back %d times, run %d times", err, ended, freed, runs)
			}
			f.loaded()
			f.stop()
			if tt.ended > 0 {
				again := 0
				if err := f.apart(func() error { again++; return full }); !errors.Is(err, full) || again != 1 {
					t.Errorf("afterwards: %v, run %d times", err, again)
				}
			}
		})
	}
}
