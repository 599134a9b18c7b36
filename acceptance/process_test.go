package acceptance

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// patience is how long something may take that is waited for. It is far more
// than it takes: a test that waits that long has failed.
const patience = 3 * time.Minute

// eventually waits until a condition holds.
func eventually(tb testing.TB, what string, holds func() bool) {
	tb.Helper()
	if err := wait(what, holds); err != nil {
		tb.Fatal(err)
	}
}

func wait(what string, holds func() bool) error {
	end := time.Now().Add(patience)
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for !holds() {
		if time.Now().After(end) {
			return fmt.Errorf("waited %v in vain: %s", patience, what)
		}
		<-tick.C
	}
	return nil
}

// lines collects what a process writes.
type lines struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// process is a program that runs beside the test.
type process struct {
	cmd    *exec.Cmd
	out    lines // standard output and error
	ended  chan struct{}
	status error // of Wait, once ended
}

func start(program string, args ...string) (*process, error) {
	p := &process{cmd: exec.CommandContext(context.Background(), program, args...), ended: make(chan struct{})}
	p.cmd.Env, p.cmd.Stdout, p.cmd.Stderr = environment(), &p.out, &p.out
	// A group of its own, so that its children can be ended with it.
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	go func() {
		p.status = p.cmd.Wait()
		close(p.ended)
	}()
	return p, nil
}

// mustStart starts a process that is killed when the test ends, if it still runs.
func mustStart(tb testing.TB, program string, args ...string) *process {
	tb.Helper()
	p, err := start(program, args...)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(p.kill)
	return p
}

// mustIngest starts cauce ingest.
func mustIngest(tb testing.TB, args ...string) *process {
	tb.Helper()
	bin, err := shared.program()
	if err != nil {
		tb.Fatal(err)
	}
	return mustStart(tb, bin, append([]string{"ingest"}, args...)...)
}

func (p *process) over() bool {
	select {
	case <-p.ended:
		return true
	default:
		return false
	}
}

func (p *process) signal(tb testing.TB, s syscall.Signal) {
	tb.Helper()
	if err := p.cmd.Process.Signal(s); err != nil {
		tb.Fatal(err)
	}
}

// kill ends the process and its children at once.
func (p *process) kill() {
	if !p.over() {
		_ = syscall.Kill(-p.cmd.Process.Pid, syscall.SIGKILL) // it may have ended meanwhile
		<-p.ended
	}
}

// says waits for a match of a pattern in the process's output and gives its
// first group.
func (p *process) says(pattern string) (string, error) {
	re := regexp.MustCompile(pattern)
	var found []string
	err := wait("output with "+pattern, func() bool {
		over := p.over() // looked at first: what it wrote last counts
		found = re.FindStringSubmatch(p.out.String())
		return found != nil || over
	})
	if err == nil && found == nil {
		err = fmt.Errorf("the process did not say %s and ended: %w", pattern, cmp.Or(p.status, errors.New("exit status 0")))
	}
	if err != nil {
		return "", fmt.Errorf("%w\n%s", err, p.out.String())
	}
	return found[len(found)-1], nil
}

func (p *process) mustSay(tb testing.TB, pattern string) string {
	tb.Helper()
	text, err := p.says(pattern)
	if err != nil {
		tb.Fatal(err)
	}
	return text
}

// exits waits for the process's end and gives its exit code.
func (p *process) exits(tb testing.TB) int {
	tb.Helper()
	eventually(tb, "end of the process", p.over)
	var exit *exec.ExitError
	if p.status != nil && !errors.As(p.status, &exit) {
		tb.Fatal(p.status)
	}
	return p.cmd.ProcessState.ExitCode()
}
