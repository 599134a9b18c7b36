package acceptance

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
)

// rig is what the tests share, each part made once and only when asked for.
type rig struct {
	update  *bool // rewrite what the golden scripts expect
	dir     string
	program func() (string, error)  // path of cauce
	blank   func() (string, error)  // a home with an empty publication
	first   func() (*server, error) // a serve on a home that was empty when it started
}

// shared lives as long as the test program: TestMain makes and ends it.
var shared rig

func TestMain(m *testing.M) {
	shared.update = flag.Bool("update", false, "rewrite what the golden scripts expect")
	dir, err := os.MkdirTemp("", "cauce-acceptance-")
	if err != nil {
		panic(err)
	}
	shared.dir = dir
	shared.program = sync.OnceValues(build)
	shared.blank = sync.OnceValues(makeBlank)
	shared.first = sync.OnceValues(startFirst)
	started := false
	start := shared.first
	shared.first = func() (*server, error) { started = true; return start() }
	m.Run()
	if started {
		if s, err := start(); err == nil {
			s.stop()
		}
	}
	if err := os.RemoveAll(dir); err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
}

// build gives the program that CAUCE_BIN names, as `make test` does, or builds it.
func build() (string, error) {
	if bin := os.Getenv("CAUCE_BIN"); bin != "" {
		_, err := os.Stat(bin)
		return bin, err
	}
	bin := filepath.Join(shared.dir, "cauce")
	cmd := exec.CommandContext(context.Background(), "go", "build", "-tags=duckdb_arrow", "-o", bin, "..")
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build cauce: %w\n%s", err, out)
	}
	return bin, nil
}

func makeBlank() (string, error) {
	bin, err := shared.program()
	if err != nil {
		return "", err
	}
	home := filepath.Join(shared.dir, "blank")
	cmd := exec.CommandContext(context.Background(), bin, "ingest", "--publish", "--dir", home)
	cmd.Env = environment()
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("make an empty home: %w\n%s", err, out)
	}
	return home, nil
}

// startFirst starts serve on an empty directory, which loads the shipped reports
// before it answers. Nobody may change its home; copies of it may be changed.
func startFirst() (*server, error) {
	bin, err := shared.program()
	if err != nil {
		return nil, err
	}
	return startServe(bin, filepath.Join(shared.dir, "seeded"))
}

// mustFirst is the serve of startFirst.
func mustFirst(tb testing.TB) *server {
	tb.Helper()
	s, err := shared.first()
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

// mustSeeded copies a home that holds the shipped reports.
func mustSeeded(tb testing.TB) string {
	tb.Helper()
	return mustCopy(tb, mustFirst(tb).home)
}

// mustBlank copies a home that holds nothing.
func mustBlank(tb testing.TB) string {
	tb.Helper()
	home, err := shared.blank()
	if err != nil {
		tb.Fatal(err)
	}
	return mustCopy(tb, home)
}

func mustCopy(tb testing.TB, from string) string {
	tb.Helper()
	to := filepath.Join(tb.TempDir(), "home")
	if err := os.CopyFS(to, os.DirFS(from)); err != nil {
		tb.Fatal(err)
	}
	return to
}

// environment is this process's, without settings of cauce, and with more.
func environment(more ...string) []string {
	env := []string{"PATH=" + os.Getenv("PATH"), "HOME=/no-home", "TZ=UTC"}
	if tmp := os.Getenv("TMPDIR"); tmp != "" {
		env = append(env, "TMPDIR="+tmp)
	}
	return append(env, more...)
}

// ran is a finished run of the program. Code is -1 where a signal ended it, peak
// the most memory that it held, in bytes.
type ran struct {
	code           int
	stdout, stderr string
	peak           int64
}

// cauce runs the program and expects an exit code.
func cauce(tb testing.TB, code int, args ...string) ran {
	tb.Helper()
	out := run(tb, nil, args...)
	if out.code != code {
		tb.Fatalf("cauce %q: exit %d, want %d\n%s%s", args, out.code, code, out.stdout, out.stderr)
	}
	return out
}

// run runs the program with more environment.
func run(tb testing.TB, env []string, args ...string) ran {
	tb.Helper()
	bin, err := shared.program()
	if err != nil {
		tb.Fatal(err)
	}
	cmd := exec.CommandContext(tb.Context(), bin, args...)
	cmd.Env = environment(env...)
	return finish(tb, cmd)
}

// runAs runs a program with attributes of the process.
func runAs(tb testing.TB, as *syscall.SysProcAttr, bin string, args ...string) ran {
	tb.Helper()
	cmd := exec.CommandContext(tb.Context(), bin, args...)
	cmd.Env, cmd.SysProcAttr = environment(), as
	return finish(tb, cmd)
}

func finish(tb testing.TB, cmd *exec.Cmd) ran {
	tb.Helper()
	var stdout, stderr lines
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		tb.Fatal(err)
	}
	peak := int64(0)
	if use, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		peak = use.Maxrss << 10
	}
	return ran{cmd.ProcessState.ExitCode(), stdout.String(), stderr.String(), peak}
}

// mustWrite writes a file below dir and gives its path.
func mustWrite(tb testing.TB, dir, name, text string) string {
	tb.Helper()
	path := filepath.Join(dir, name)
	err := os.MkdirAll(filepath.Dir(path), 0o750)
	if err == nil {
		err = os.WriteFile(path, []byte(text), 0o600)
	}
	if err != nil {
		tb.Fatal(err)
	}
	return path
}
