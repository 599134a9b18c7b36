package cli

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"
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
