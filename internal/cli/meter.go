package cli

import (
	"io"
	"os"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// meter shows how far a load is: a bar on a terminal, nothing elsewhere, where
// the log's plain lines tell the same.
type meter struct {
	out   io.Writer
	bar   *progressbar.ProgressBar
	total int
	file  int
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
	m.bar.Set64(done)
}

func (m *meter) done() {
	if m.bar != nil {
		m.bar.Finish()
	}
}
