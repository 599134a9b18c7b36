package cli

import (
	"context"
	"fmt"
	"testing"

	"github.com/duckdb/duckdb-go/v2"

	"github.com/gttim/cauce/data"
)

// Fault 82: a run that is stopped in the middle of a declaration's statement.
func TestExitCode_stopped(t *testing.T) {
	err := fmt.Errorf("break: %w: %w", context.Canceled, data.ErrDeclaration)
	if got := exitCode(err); got != exitOperational {
		t.Errorf("exit %d, want %d", got, exitOperational)
	}
}

// A warehouse that turns out to be damaged while it is read is no fault of the disk's
// that goes away.
func TestExitCode_damaged(t *testing.T) {
	err := fmt.Errorf("reports.sql: %w", &duckdb.Error{Type: duckdb.ErrorTypeIO, Msg: "IO Error: Corrupt database file: computed checksum 1 does not match stored checksum 2"})
	if got := exitCode(err); got != exitIntegrity {
		t.Errorf("exit %d, want %d", got, exitIntegrity)
	}
}
