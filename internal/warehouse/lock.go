package warehouse

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"

	"github.com/gofrs/flock"
)

// ErrBusy means that another process holds the warehouse; commands exit 5.
var ErrBusy = errors.New("warehouse is busy")

// lock takes the single-writer lock without waiting. ErrBusy names the process
// that holds it.
func lock(h *Home) (*flock.Flock, error) {
	l := flock.New(h.Path(lockFile))
	ok, err := l.TryLock()
	if err != nil {
		return nil, fmt.Errorf("lock warehouse: %w", err)
	}
	if !ok {
		pid, _ := os.ReadFile(h.Path(lockFile))
		return nil, fmt.Errorf("process %s is loading into %s: %w", holder(pid), h.Dir, ErrBusy)
	}
	if err := os.WriteFile(h.Path(lockFile), []byte(strconv.Itoa(os.Getpid())+"\n"), 0o600); err != nil {
		l.Unlock()
		return nil, fmt.Errorf("lock warehouse: %w", err)
	}
	return l, nil
}

func holder(b []byte) string {
	if pid := strings.TrimSpace(string(b)); pid != "" {
		return pid
	}
	return "(unknown)"
}
