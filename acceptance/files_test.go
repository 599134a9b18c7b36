package acceptance

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// nobody is a user without rights of his own.
const nobody = 65534

// Fault 7: a file that may not be read is an operational failure that names it.
// Root may read everything, so there the program runs as nobody.
func TestFault007(t *testing.T) {
	dir := t.TempDir()
	home := filepath.Join(dir, "home")
	bin, err := shared.program()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(home, os.DirFS(mustBlank(t))); err != nil {
		t.Fatal(err)
	}
	file := mustWrite(t, dir, "cerrado.csv", "fecha_corte,reuniones,acuerdos,acuerdos_cumplidos,publicado_en,fuente\n2025-09-30,80,305,300,2025-10-05,Minuta de prueba\n")
	if err := os.Chmod(file, 0); err != nil {
		t.Fatal(err)
	}
	var as *syscall.SysProcAttr
	if os.Getuid() == 0 {
		as = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
		bin = open(t, dir, bin)
	}
	got := runAs(t, as, bin, "ingest", "--dir", home, "--dataset", mesa, file)
	if got.code != 1 || !strings.Contains(got.stderr, "cerrado.csv: permission denied") {
		t.Errorf("exit %d: %s", got.code, got.stderr)
	}
	if left, err := filepath.Glob(filepath.Join(home, "archive", "*")); err != nil || len(left) > 0 {
		t.Errorf("archive holds %v: %v", left, err)
	}
	if err := os.Chmod(file, 0o644); err != nil {
		t.Fatal(err)
	}
	if got := runAs(t, as, bin, "ingest", "--dir", home, "--dataset", mesa, file); got.code != 0 {
		t.Errorf("once it may be read: exit %d: %s", got.code, got.stderr)
	}
}

// open copies the program into dir and gives all that lies there to nobody.
func open(tb testing.TB, dir, bin string) string {
	tb.Helper()
	text, err := os.ReadFile(bin)
	if err != nil {
		tb.Fatal(err)
	}
	own := filepath.Join(dir, "cauce")
	if err := os.WriteFile(own, text, 0o755); err != nil {
		tb.Fatal(err)
	}
	if err := os.Chmod(filepath.Dir(dir), 0o755); err != nil { // the test's own folder
		tb.Fatal(err)
	}
	err = filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return os.Chown(path, nobody, nobody)
	})
	if err != nil {
		tb.Fatal(err)
	}
	return own
}
