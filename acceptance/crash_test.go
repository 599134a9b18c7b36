package acceptance

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// failpoints are the places of the load protocol at which CAUCE_FAIL_AT kills.
var failpoints = []string{"after-spool", "after-gate", "before-commit", "after-commit", "before-move", "mid-publish", "after-pointer"}

// Files of the judicialization table's summary.
const (
	mesaHead  = "fecha_corte,reuniones,acuerdos,acuerdos_cumplidos,publicado_en,fuente\n"
	mesaGood  = mesaHead + "2025-09-30,80,305,300,2025-10-05,Minuta de prueba\n"
	mesaLater = mesaHead + "2025-10-31,82,310,301,2025-11-05,Minuta posterior\n"
	mesaRow   = mesaHead + "2025-09-30,80,305,300,2025-10-05,Minuta de prueba\n2025-10-31,82,31O,301,2025-11-05,Minuta posterior\n"
	nonsense  = "hola,mundo\n1,2\n"
)

// kinds are deliveries of every outcome, with the outcome's exit code.
var kinds = []struct {
	name, text, sidecar string
	code                int
}{
	{"accepted", mesaGood, "", 0},
	{"sidecar", mesaGood, "fuente: Oficio de prueba\n", 0},
	{"partial", mesaRow, "", 3},
	{"refused", nonsense, "", 4},
}

// deliver puts a file into a home's inbox.
func deliver(tb testing.TB, home, dataset, name, text string) {
	tb.Helper()
	path := mustWrite(tb, filepath.Join(home, "inbox", dataset), name, text)
	// A date of its own: the same in every home.
	at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	if err := os.Chtimes(path, at, at); err != nil {
		tb.Fatal(err)
	}
}

// A load killed at any point and run again leaves what an undisturbed load leaves:
// the same rows, figures, ledger, journals and files, and nothing twice.
func TestFault081(t *testing.T) {
	const dataset = "sspc-mesa-resumen"
	for _, kind := range kinds {
		t.Run(kind.name, func(t *testing.T) {
			seeded := mustSeeded(t)
			calm := mustCopy(t, seeded)
			give := func(t *testing.T, home string) {
				if kind.sidecar != "" {
					deliver(t, home, dataset, "informe.csv.meta.yml", kind.sidecar)
				}
				deliver(t, home, dataset, "informe.csv", kind.text)
			}
			give(t, calm)
			cauce(t, kind.code, "ingest", "--dir", calm)
			cauce(t, 0, "verify", "--dir", calm)
			want := mustState(t, calm, "rows")
			for _, point := range failpoints {
				t.Run(point, func(t *testing.T) {
					t.Parallel()
					home := mustCopy(t, seeded)
					give(t, home)
					dead := run(t, []string{"CAUCE_FAIL_AT=" + point}, "ingest", "--dir", home)
					if dead.code != -1 {
						t.Fatalf("was not killed at %s: exit %d\n%s", point, dead.code, dead.stderr)
					}
					again := run(t, nil, "ingest", "--dir", home)
					if again.code != kind.code && again.code != 0 {
						t.Errorf("run again: exit %d, want %d, or 0 where the load was already done\n%s", again.code, kind.code, again.stderr)
					}
					cauce(t, 0, "verify", "--dir", home)
					if got := mustState(t, home, "rows"); got != want {
						t.Errorf("not what an undisturbed load leaves:\n%s", difference(got, want))
					}
					if idle := cauce(t, 0, "ingest", "--dir", home); idle.stdout != "" {
						t.Errorf("a third run had something to do: %s", idle.stdout)
					}
				})
			}
		})
	}
}

// A first seeding that is killed is completed by the next one.
func TestFault081_shipped(t *testing.T) {
	want := mustFirst(t).indicator(t, "eventos_irregulares", "")
	for _, point := range []string{"after-commit", "mid-publish"} {
		t.Run(point, func(t *testing.T) {
			home := filepath.Join(t.TempDir(), "home")
			if dead := run(t, []string{"CAUCE_FAIL_AT=" + point}, "ingest", "--dir", home, "--shipped"); dead.code != -1 {
				t.Fatalf("was not killed: exit %d\n%s", dead.code, dead.stderr)
			}
			s := mustServe(t, home)
			got := s.indicator(t, "eventos_irregulares", "")
			if fmt.Sprint(texts(got)) != fmt.Sprint(texts(want)) {
				t.Errorf("figures differ from those of an undisturbed first start")
			}
			if n, all := len(s.loads(t, "")), len(mustFirst(t).loads(t, "")); n != all {
				t.Errorf("%d loads, want %d", n, all)
			}
		})
	}
}

func texts(d document) []string {
	var out []string
	for i := range d.Values {
		out = append(out, d.Values[i].String())
	}
	return out
}

// generated writes a file of made-up events.
func generated(t *testing.T, rows int) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "eventos.csv")
	cauce(t, 0, "generate", "--rows", fmt.Sprint(rows), "--out", path)
	return path
}

// A load that is asked to stop ends, has loaded everything or nothing, and the
// next run brings the same as an undisturbed one.
func TestFault082(t *testing.T) {
	file := generated(t, 300_000)
	calm := mustBlank(t)
	cauce(t, 0, "ingest", "--dir", calm, file)
	want := mustState(t, calm, "digest")
	for _, tt := range []struct {
		at     string
		signal syscall.Signal
	}{
		{"spooled", syscall.SIGTERM},
		{"gate opened", syscall.SIGTERM},
		{"gate opened", syscall.SIGINT},
		{"committed", syscall.SIGTERM},
	} {
		t.Run(tt.at+"_"+tt.signal.String(), func(t *testing.T) {
			home := mustBlank(t)
			p := mustIngest(t, "--dir", home, file)
			p.mustSay(t, `msg="?(`+tt.at+`)`)
			p.signal(t, tt.signal)
			if code := p.exits(t); code != 0 && code != 1 {
				t.Fatalf("exit %d\n%s", code, p.out.String())
			}
			out := cauce(t, 0, "verify", "--dir", home).stdout
			if !strings.Contains(out, " 0 cargas") && !strings.Contains(out, " 1 cargas") {
				t.Errorf("neither nothing nor everything: %s", out)
			}
			cauce(t, 0, "ingest", "--dir", home, file)
			cauce(t, 0, "verify", "--dir", home)
			if got := mustState(t, home, "digest"); got != want {
				t.Errorf("not what an undisturbed load leaves:\n%s", difference(got, want))
			}
		})
	}
}

// A second writer is told who is writing; readers notice nothing.
func TestFault088(t *testing.T) {
	file := generated(t, 20_000)
	home := mustBlank(t)
	s := mustServe(t, home)
	first := mustIngest(t, "--dir", home, file)
	first.mustSay(t, "(msg=spooled)")
	first.signal(t, syscall.SIGSTOP) // it holds the lock for as long as this takes
	second := run(t, nil, "ingest", "--dir", home, mustWrite(t, t.TempDir(), "mesa.csv", mesaGood))
	if second.code != 5 {
		t.Errorf("exit %d, want 5\n%s", second.code, second.stderr)
	}
	if pid := fmt.Sprint(first.cmd.Process.Pid); !strings.Contains(second.stderr, pid) {
		t.Errorf("does not name process %s: %s", pid, second.stderr)
	}
	for _, path := range []string{"/", "/datos", "/-/ready", "/api/v1/indicadores", "/metrics"} {
		s.get(t, path)
	}
	first.signal(t, syscall.SIGCONT)
	if code := first.exits(t); code != 0 {
		t.Errorf("the first load: exit %d\n%s", code, first.out.String())
	}
	eventually(t, "the first load's publication", func() bool { return len(s.loads(t, "upmrip-eventos-registro")) == 1 })
}
