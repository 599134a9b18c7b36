package inbox

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"time"
)

// Exit codes of `cauce ingest` that decide what the scheduler does next.
const (
	exitDone        = 0
	exitOperational = 1
	exitBusy        = 5
)

// A child that found the warehouse busy is started again after busyFirst, then
// after twice as long, never longer than busyLongest, busyTries times in all.
const (
	busyFirst   = time.Second
	busyLongest = 30 * time.Second
	busyTries   = 8
)

// Runner starts the program with args and waits for its end. The code is its
// exit code, 1 where it has none; the error says why it has none.
type Runner interface {
	Run(ctx context.Context, args []string) (code int, err error)
}

// Child runs a program as a process group of its own. When ctx is done the group
// gets SIGTERM and, after Grace, SIGKILL.
type Child struct {
	Program string
	Output  io.Writer // gets the child's lines, each in one piece
	Grace   time.Duration
}

// NewChild gives a Child that runs this very program. A nil output means
// standard error.
func NewChild(output io.Writer) (*Child, error) {
	program, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find own program: %w", err)
	}
	if output == nil {
		output = os.Stderr
	}
	return &Child{Program: program, Output: output, Grace: 10 * time.Second}, nil
}

// Run implements Runner.
func (c *Child) Run(ctx context.Context, args []string) (int, error) {
	out := &lines{w: c.Output}
	defer out.flush()
	cmd := exec.CommandContext(ctx, c.Program, args...)
	cmd.Stdout, cmd.Stderr = out, out
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGTERM) }
	cmd.WaitDelay = c.Grace
	if err := cmd.Start(); err != nil {
		return exitOperational, fmt.Errorf("start %s: %w", c.Program, err)
	}
	err := cmd.Wait()
	if ctx.Err() != nil {
		// What the child started itself may still be there.
		if kill := syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL); kill != nil && !errors.Is(kill, syscall.ESRCH) {
			err = errors.Join(err, kill)
		}
		return exitOperational, errors.Join(ctx.Err(), err)
	}
	if code := cmd.ProcessState.ExitCode(); code >= 0 {
		return code, nil
	}
	return exitOperational, fmt.Errorf("run %s: %w", c.Program, err)
}

// runChild loads files (paths below the home; none: publish only) and starts
// again while the warehouse is busy.
func (s *Scheduler) runChild(ctx context.Context, files []string) int {
	args := append([]string{"ingest", "--dir", s.dir}, s.opt.Args...)
	if len(files) == 0 {
		args = append(args, "--publish")
	}
	for _, f := range files {
		args = append(args, filepath.Join(s.dir, f))
	}
	wait := busyFirst
	for try := 1; ; try++ {
		code, err := s.opt.Runner.Run(ctx, args)
		if err != nil && ctx.Err() == nil {
			s.opt.Log.Error("load ended without an exit code", "error", err)
		}
		if code != exitBusy || try == busyTries {
			return code
		}
		s.opt.Log.Info("warehouse is busy, the load is tried again", "try", try, "after", wait)
		timer := s.opt.Clock.NewTimer(wait)
		select {
		case <-ctx.Done():
			timer.Stop()
			return code
		case <-timer.Chan():
		}
		wait = min(2*wait, busyLongest)
	}
}

// longestLine is where a line without end is cut.
const longestLine = 64 << 10

// lines hands whole lines on, so that those of the child and of this process do
// not run into each other.
type lines struct {
	mu   sync.Mutex
	w    io.Writer
	rest []byte
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.rest = append(l.rest, p...)
	end := bytes.LastIndexByte(l.rest, '\n') + 1
	if end == 0 && len(l.rest) > longestLine {
		l.rest = append(l.rest, '\n')
		end = len(l.rest)
	}
	if end == 0 {
		return len(p), nil
	}
	_, err := l.w.Write(l.rest[:end])
	l.rest = append(l.rest[:0], l.rest[end:]...)
	return len(p), err
}

func (l *lines) flush() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.rest) > 0 {
		// A lost last line is not worth the load's outcome.
		_, _ = l.w.Write(append(l.rest, '\n'))
		l.rest = nil
	}
}
