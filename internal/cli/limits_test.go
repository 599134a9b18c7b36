package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/duckdb/duckdb-go/v2"
)

// A run whose time is up while indicators are computed has loaded its file: what is told
// of it does not say otherwise.
func TestLate(t *testing.T) {
	a := &app{limits: limits{time: time.Minute}}
	ctx, cancel := context.WithCancelCause(t.Context())
	failed := errors.New("compute indicators")
	if err := a.late(ctx, failed); !errors.Is(err, failed) {
		t.Errorf("before its time: %v", err)
	}
	cancel(errTime)
	err := a.late(ctx, failed)
	if !errors.Is(err, failed) || strings.Contains(err.Error(), "nothing") || !strings.Contains(err.Error(), "a load that was not complete is undone") {
		t.Errorf("past its time: %v", err)
	}
	if err := a.late(ctx, nil); err != nil {
		t.Errorf("a run that ended well: %v", err)
	}
}

// Where the database's memory is too little, what is told is what can be done here, not
// the settings of the database.
func TestOutOfMemory(t *testing.T) {
	full := &duckdb.Error{Type: duckdb.ErrorTypeOutOfMemory, Msg: "Out of Memory Error: failed to pin block\n\nPossible solutions:\n* Reducing the number of threads (SET threads=X)\n\nSee also https://duckdb.org/docs/how_to_tune_workloads"}
	other := errors.New("b.csv: permission denied")
	for limit, want := range map[string]string{"": "160MB", "1GB": "1GB"} {
		a := &app{memory: limit}
		err := a.late(t.Context(), errors.Join(fmt.Errorf("clean a.csv: %w", full), other))
		text := "clean a.csv: Out of Memory Error: failed to pin block\nb.csv: permission denied; a load that was not complete is undone: " +
			"give the database more than --memory-limit " + want + ", and --max-memory and the unit's MemoryMax as much more"
		if err.Error() != text {
			t.Errorf("%s\nexpected %s", err, text)
		}
		if !errors.Is(err, other) || worstCode(err) != exitOperational {
			t.Errorf("exit %d: %v", worstCode(err), err)
		}
	}
}
