package cli

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/spf13/pflag"
)

func rawFlagsOf(t *testing.T, args ...string) rawFlags {
	t.Helper()
	f := rawFlags{format: "jsonl"}
	set := pflag.NewFlagSet("check", pflag.ContinueOnError)
	f.register(set)
	if err := set.Parse(args); err != nil {
		t.Fatal(err)
	}
	return f
}

func TestRaw(t *testing.T) {
	file := filepath.Join(t.TempDir(), "a.csv")
	if err := os.WriteFile(file, []byte("título\n\na\tb\n1\t'x\ty'\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	want := `{"dialect":{"delimiter":"\t","quote":"'","escape":"","encoding":"utf-8","header_lines":1,"preamble_lines":2},"header":["a","b"]}
{"line":4,"cells":["1","x\ty"]}
`
	var out bytes.Buffer
	f := rawFlagsOf(t, "--delimiter", `\t`, "--quote", "'", "--escape", "", "--encoding", "utf-8", "--header-lines", "1", "--preamble-lines", "2")
	if err := (&app{stdout: &out}).raw(context.Background(), file, f); err != nil || out.String() != want {
		t.Errorf("%v\n%s", err, out.String())
	}
}

func TestRaw_refuses(t *testing.T) {
	dir := t.TempDir()
	pipe := filepath.Join(dir, "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "a.csv")
	if err := os.WriteFile(file, []byte("a,b\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	a := &app{stdout: &bytes.Buffer{}}
	for _, name := range []string{dir, pipe} {
		if err := a.raw(context.Background(), name, rawFlagsOf(t)); err == nil || !strings.Contains(err.Error(), "not a regular file") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := a.raw(context.Background(), filepath.Join(dir, "none"), rawFlagsOf(t)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("missing file: %v", err)
	}
	if err := a.raw(context.Background(), file, rawFlagsOf(t, "--delimiter", "\n")); !errors.Is(err, errUsage) {
		t.Errorf("line end as delimiter: %v", err)
	}
}

func TestRaw_characters(t *testing.T) {
	for given, want := range map[string]string{
		`\t`: "\t", `\x1f`: "\x1f", `\x7C`: "|", `\`: `\`, `\x`: `\x`, `\xff`: `\xff`, "||": "||", "": "", " ": " ", `\t\t`: `\t\t`,
	} {
		if got := unescaped(given); got != want {
			t.Errorf("%s: got %q, want %q", given, got, want)
		}
	}
}
