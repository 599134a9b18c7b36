package acceptance

import (
	"os"
	"os/exec"
	"testing"
)

// The pages of a home with the shipped reports, in a real browser at both widths:
// the dashboard's own visit of every page, on real figures.
func TestChromium_realFigures(t *testing.T) {
	home := mustFirst(t).home
	cmd := exec.CommandContext(t.Context(), "go", "test", "-count=1", "-tags=duckdb_arrow", "-run", "^TestChromium$", "../dashboard")
	cmd.Env = append(os.Environ(), "CAUCE_HOME="+home)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
