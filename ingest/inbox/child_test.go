package inbox

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"
)

// pieces keeps every Write apart.
type pieces struct {
	mu  sync.Mutex
	all []string
}

func (p *pieces) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.all = append(p.all, string(b))
	return len(b), nil
}

func TestChild_codesAndLines(t *testing.T) {
	defer goleak.VerifyNone(t)
	for script, want := range map[string]int{"exit 0": 0, "exit 3": 3, "exit 6": 6, "kill -KILL $$": 1} {
		var out bytes.Buffer
		code, err := (&Child{Program: "/bin/sh", Output: &out, Grace: time.Minute}).Run(t.Context(), []string{"-c", script})
		if code != want || (err != nil) != strings.HasPrefix(script, "kill") {
			t.Errorf("%s: code = %d, err = %v", script, code, err)
		}
	}
	out := &pieces{}
	script := `printf 'uno '; sleep 0.05; printf 'dos\ntres\ncua'; sleep 0.05; printf 'tro' >&2`
	if _, err := (&Child{Program: "/bin/sh", Output: out, Grace: time.Minute}).Run(t.Context(), []string{"-c", script}); err != nil {
		t.Fatal(err)
	}
	for _, p := range out.all {
		if !strings.HasSuffix(p, "\n") {
			t.Errorf("piece %q is not whole lines", p)
		}
	}
	if got := strings.Join(out.all, ""); got != "uno dos\ntres\ncuatro\n" {
		t.Errorf("output = %q", got)
	}
	if _, err := (&Child{Program: "/no/such/program", Output: out}).Run(t.Context(), nil); err == nil {
		t.Error("missing program: no error")
	}
}

// A child that does not end on SIGTERM is killed, and what it started with it.
func TestChild_fault82_endsWithItsGroup(t *testing.T) {
	defer goleak.VerifyNone(t)
	for name, script := range map[string]string{
		"on SIGTERM": `sleep 1000 & echo $! > "$0"; wait`,
		"on SIGKILL": `trap '' TERM; (trap '' TERM; while :; do sleep 0.1; done) & echo $! > "$0"; wait`,
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			pidFile := filepath.Join(t.TempDir(), "pid")
			done := make(chan error)
			go func() {
				c := &Child{Program: "/bin/sh", Output: &pieces{}, Grace: 200 * time.Millisecond}
				_, err := c.Run(ctx, []string{"-c", script, pidFile})
				done <- err
			}()
			pid := 0
			eventually(t, "grandchild runs", func() bool {
				b, err := os.ReadFile(pidFile)
				if err == nil {
					pid, _ = strconv.Atoi(strings.TrimSpace(string(b)))
				}
				return pid > 0
			})
			cancel()
			if err := <-done; !errors.Is(err, context.Canceled) {
				t.Errorf("err = %v", err)
			}
			eventually(t, "grandchild is gone", func() bool { return !alive(pid) })
		})
	}
}

// alive tells whether the process runs; one that ended and that nobody has
// waited for counts as gone.
func alive(pid int) bool {
	if errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) {
		return false
	}
	b, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "stat"))
	if err != nil {
		return !errors.Is(err, os.ErrNotExist)
	}
	_, state, _ := strings.Cut(string(b), ") ")
	return !strings.HasPrefix(state, "Z")
}

func TestLines_cutsALineWithoutEnd(t *testing.T) {
	out := &pieces{}
	l := &lines{w: out}
	for range 3 {
		if _, err := l.Write(bytes.Repeat([]byte("x"), longestLine)); err != nil {
			t.Fatal(err)
		}
	}
	l.flush()
	for _, p := range out.all {
		if len(p) > 2*longestLine+1 || !strings.HasSuffix(p, "\n") {
			t.Errorf("piece of %d bytes", len(p))
		}
	}
}
