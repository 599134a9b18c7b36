package acceptance

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// step is one fenced block of the README: a file to write, commands to run, or
// text that the last command prints.
type step struct{ kind, file, text string }

// readme lists the steps of sections of the README, in order.
func readme(t *testing.T, sections ...string) []step {
	t.Helper()
	b, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	var out []step
	for _, title := range sections {
		_, rest, ok := strings.Cut(string(b), "\n## "+title+"\n")
		if !ok {
			t.Fatalf("the README has no section %q", title)
		}
		section, _, _ := strings.Cut(rest, "\n## ")
		n := len(out)
		for {
			_, block, ok := strings.Cut(section, "\n```")
			if !ok {
				break
			}
			head, body, _ := strings.Cut(block, "\n")
			text, after, closed := strings.Cut(body, "\n```\n")
			if !closed {
				t.Fatalf("%s: a block does not end", title)
			}
			kind, file, _ := strings.Cut(head, " ")
			out = append(out, step{kind, file, text + "\n"})
			section = "\n" + after
		}
		if len(out) == n {
			t.Fatalf("%s has no steps", title)
		}
	}
	return out
}

// The README's "add a dataset" and "add an indicator" work as they are written,
// with the program that was built before either existed: neither touches Go (fault 105).
func TestReadme_addDatasetAndIndicator(t *testing.T) {
	bin, err := shared.program()
	if err != nil {
		t.Fatal(err)
	}
	if bin, err = filepath.Abs(bin); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "bin"), 0o750); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(bin, filepath.Join(dir, "bin", "cauce")); err != nil {
		t.Fatal(err)
	}
	printed, ran := "", 0
	for _, s := range readme(t, "Add a dataset", "Add an indicator") {
		switch {
		case s.file != "":
			if strings.HasSuffix(s.file, ".go") {
				t.Errorf("%s is Go", s.file)
			}
			mustWrite(t, dir, s.file, s.text)
		case s.kind == "sh":
			printed = ""
			for command := range strings.Lines(s.text) {
				cmd := exec.CommandContext(t.Context(), "sh", "-ec", command)
				cmd.Dir, cmd.Env = dir, environment()
				out, err := cmd.CombinedOutput()
				if err != nil {
					t.Fatalf("%s: %v\n%s", command, err, out)
				}
				printed = string(out)
				ran++
			}
		case s.kind == "text":
			for line := range strings.Lines(s.text) {
				if !strings.Contains(printed, line) {
					t.Errorf("the README promises %q:\n%s", line, printed)
				}
			}
		default:
			t.Errorf("a block of %q is neither a file nor a command", s.kind)
		}
	}
	if ran < 5 {
		t.Errorf("%d commands", ran)
	}
	s := mustServe(t, filepath.Join(dir, "casa"), "--declarations", filepath.Join(dir, "mine"))
	d := s.indicator(t, "cursos_aprobados", "")
	if v := d.must(t, "2025-06-30", "2025-06-30"); *v.Value != 90 || v.Vintage != "2025-07-15" {
		t.Errorf("in all: %s", v)
	}
	if v := d.must(t, "2025-06-30", "2025-06-30", "entidad", "07"); *v.Value != 75 {
		t.Errorf("in Chiapas: %s", v)
	}
	if got := s.metric(t, `cauce_indicator_value{indicator="cursos_aprobados"}`); got != "90" {
		t.Errorf("its metric is %q", got)
	}
	s.arrive(t, "oim-cursos", "septiembre.csv", "fecha,entidad,personas,aprobadas\n2025-09-30,Tabasco,8,2\n", "aceptado")
	if v := s.indicator(t, "cursos_aprobados", "").must(t, "2025-09-30", "2025-09-30"); *v.Value != 25 {
		t.Errorf("after a delivery to the inbox: %s", v)
	}
	for page, want := range map[string]string{"/indicadores/cursos_aprobados": "Personas que aprobaron", "/datos": "oim-cursos", "/guia/oim-cursos": "OC01"} {
		if !strings.Contains(s.get(t, page), want) {
			t.Errorf("%s does not show %q", page, want)
		}
	}
}
