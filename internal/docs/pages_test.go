package docs

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gttim/cauce/data"
	"github.com/gttim/cauce/internal/cli"
)

var update = flag.Bool("update", false, "write the pages instead of comparing them")

const dir = "../../docs"

// TestPages fails when a rule, metric, address, flag or exit code is not in the
// generated pages, or the pages speak of one that is gone.
func TestPages(t *testing.T) {
	decls, err := data.Load("")
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range Pages(decls) {
		file := filepath.Join(dir, name)
		if *update {
			if err := os.WriteFile(file, []byte(want), 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		got, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if string(got) != want {
			t.Errorf("docs/%s is not what the program says; run `make docs`", name)
		}
	}
}

// TestRunbookSaysWhatToDo holds the hand-written runbook against the exit codes.
func TestRunbookSaysWhatToDo(t *testing.T) {
	b, err := os.ReadFile(filepath.Join(dir, "runbook.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range cli.ExitCodes() {
		if !strings.Contains(string(b), fmt.Sprintf("\n| %d |", e.Code)) {
			t.Errorf("docs/runbook.md has nothing on exit %d", e.Code)
		}
	}
}
