package acceptance

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestGolden runs the scripts of testdata/script on the built program. In them
// `seeded` and `blank` copy a home into $WORK/home, `sha256 FILE` prints a hash to
// standard output, `flip FILE` changes one byte of a file, `lose FILE` sets a part of
// a database's last block to zero.
func TestGolden(t *testing.T) {
	bin, err := shared.program()
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir:           "testdata/script",
		UpdateScripts: *shared.update,
		Setup: func(env *testscript.Env) error {
			env.Setenv("PATH", filepath.Dir(bin)+string(os.PathListSeparator)+env.Getenv("PATH"))
			env.Setenv("TZ", "UTC")
			return nil
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"seeded":  func(ts *testscript.TestScript, _ bool, _ []string) { copyHome(ts, mustFirst(t).home) },
			"blank":   func(ts *testscript.TestScript, _ bool, _ []string) { copyHome(ts, mustBlank(t)) },
			"archive": inArchive,
			"flip":    flip,
			"lose":    lose,
			"exits":   exits(bin),
		},
	})
}

func copyHome(ts *testscript.TestScript, from string) {
	ts.Check(os.CopyFS(ts.MkAbs("home"), os.DirFS(from)))
}

// inArchive checks that a file's bytes lie in the home's archive under their hash.
func inArchive(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 1 {
		ts.Fatalf("usage: archive FILE")
	}
	sum := sha256.Sum256([]byte(ts.ReadFile(args[0])))
	name := ts.MkAbs(filepath.Join("home", "archive", hex.EncodeToString(sum[:])))
	b, err := os.ReadFile(name)
	if same := err == nil && string(b) == ts.ReadFile(args[0]); same == neg {
		ts.Fatalf("%s in the archive: %v", args[0], same)
	}
}

// flip changes the first byte of the only file of the archive that a prefix names.
func flip(ts *testscript.TestScript, _ bool, args []string) {
	sum := sha256.Sum256([]byte(ts.ReadFile(args[0])))
	name := ts.MkAbs(filepath.Join("home", "archive", hex.EncodeToString(sum[:])))
	b, err := os.ReadFile(name)
	ts.Check(err)
	b[0] ^= 1
	ts.Check(os.Chmod(name, 0o600))
	ts.Check(os.WriteFile(name, b, 0o600))
}

// lose sets the first 4 KiB of a database file's last block to zero.
func lose(ts *testscript.TestScript, _ bool, args []string) {
	const headers, block = 3 * 4096, 256 * 1024
	f, err := os.OpenFile(ts.MkAbs(args[0]), os.O_RDWR, 0)
	ts.Check(err)
	info, err := f.Stat()
	ts.Check(err)
	last := (info.Size()-headers)/block - 1
	_, err = f.WriteAt(make([]byte, 4096), headers+last*block)
	ts.Check(errors.Join(err, f.Close()))
}

// exits runs cauce and compares its exit code: exits CODE ARG…
func exits(bin string) func(ts *testscript.TestScript, neg bool, args []string) {
	return func(ts *testscript.TestScript, _ bool, args []string) {
		err := ts.Exec(bin, args[1:]...)
		got := "0"
		if err != nil {
			got = strings.TrimPrefix(err.Error(), "exit status ")
		}
		if got != args[0] {
			ts.Fatalf("cauce %v: exit %s, want %s", args[1:], got, args[0])
		}
	}
}
