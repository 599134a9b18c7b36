package cli

import (
	"context"
	"fmt"
	"testing"

	"github.com/gttim/cauce/data"
)

// Fault 82: a run that is stopped in the middle of a declaration's statement.
func TestExitCode_stopped(t *testing.T) {
	err := fmt.Errorf("break: %w: %w", context.Canceled, data.ErrDeclaration)
	if got := exitCode(err); got != exitOperational {
		t.Errorf("exit %d, want %d", got, exitOperational)
	}
}
