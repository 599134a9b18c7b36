package cli

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strconv"

	"github.com/gttim/cauce/data"
	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// meter shows how far a load is: a bar on a terminal, nothing elsewhere, where
// the log's plain lines tell the same.
type meter struct {
	out   io.Writer
	bar   *progressbar.ProgressBar
	total int
	last  string
}

func newMeter(out io.Writer) *meter {
	f, ok := out.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return &meter{}
	}
	return &meter{out: out}
}

func (m *meter) files(n int) { m.total = n }

// stage is called as a file's stage moves on; done and total are bytes.
func (m *meter) stage(name string, done, total int64) {
	if m.out == nil {
		return
	}
	if m.bar == nil || name != m.last {
		m.last = name
		m.bar = progressbar.NewOptions64(total, progressbar.OptionSetWriter(m.out), progressbar.OptionSetDescription(name),
			progressbar.OptionShowBytes(true), progressbar.OptionClearOnFinish(), progressbar.OptionThrottle(65_000_000))
	}
	_ = m.bar.Set64(done) // a bar that cannot be drawn is no fault of the load
}

func (m *meter) done() {
	if m.bar != nil {
		_ = m.bar.Finish()
	}
}

// printProblems writes problems as lines of text, as JSON lines or as CSV.
func printProblems(w io.Writer, format string, problems []data.Problem) error {
	switch format {
	case "text":
		for _, p := range problems {
			if _, err := fmt.Fprintln(w, p); err != nil {
				return err
			}
		}
		return nil
	case "json":
		enc := json.NewEncoder(w)
		for _, p := range problems {
			if err := enc.Encode(p); err != nil {
				return err
			}
		}
		return nil
	case "csv":
		return problemsCSV(w, problems)
	}
	return usage(fmt.Errorf("--format %q: text, json or csv", format))
}

func problemsCSV(w io.Writer, problems []data.Problem) error {
	out := csv.NewWriter(w)
	out.UseCRLF = true
	rows := [][]string{{"archivo", "linea", "posicion", "columna", "valor", "regla", "severidad", "mensaje", "se_espera", "sugerencia"}}
	for _, p := range problems {
		rows = append(rows, []string{
			data.GuardFormula(p.File), strconv.Itoa(p.Line), strconv.Itoa(p.Column), data.GuardFormula(p.Field), data.GuardFormula(p.Value),
			p.Rule, string(p.Severity), p.Message, p.Expected, p.Hint,
		})
	}
	return out.WriteAll(rows)
}
