package ingest

import (
	"context"
	"errors"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/gttim/cauce/data"
	"github.com/gttim/cauce/ingest/ingesttest"
	"github.com/gttim/cauce/internal/warehouse"
)

// Faults 1, 5, 6: what is not a file is never waited for, followed or loaded.
func TestNotFiles(t *testing.T) {
	b := newJob(t, ingesttest.Declarations(t, nil))
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	if err := errors.Join(os.Mkdir(at("dir.csv"), 0o700), syscall.Mkfifo(at("pipe.csv"), 0o600),
		os.WriteFile(at("real.csv"), []byte(goodEvents), 0o600), os.Symlink(at("real.csv"), at("link.csv")),
		os.Symlink("/dev/zero", at("zero.csv"))); err != nil {
		t.Fatal(err)
	}
	socket, err := (&net.ListenConfig{}).Listen(t.Context(), "unix", at("socket.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer socket.Close()
	if _, err := b.Run(context.Background(), Delivery{Path: "/dev/zero", Dataset: "prueba-eventos"}); !errors.Is(err, ErrNotRegular) {
		t.Errorf("device: %v", err)
	}
	for name, want := range map[string]error{"none.csv": fs.ErrNotExist, "dir.csv": ErrNotRegular, "pipe.csv": ErrNotRegular, "socket.csv": ErrNotRegular} {
		if _, err := b.Run(context.Background(), Delivery{Path: at(name), Dataset: "prueba-eventos"}); !errors.Is(err, want) || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: error %v, want %v", name, err, want)
		}
	}
	for _, name := range []string{"link.csv", "zero.csv"} {
		res := b.run(Delivery{Path: at(name), Dataset: "prueba-eventos"})
		if res.Outcome != warehouse.Refused || res.Problems[0].Rule != data.RuleSymlink || !strings.Contains(res.Problems[0].String(), name) {
			t.Errorf("%s: %+v", name, res)
		}
	}
	inbox := b.Home.Path("inbox", "prueba-eventos")
	if err := errors.Join(os.MkdirAll(inbox, 0o700), os.Symlink(at("real.csv"), filepath.Join(inbox, "link.csv"))); err != nil {
		t.Fatal(err)
	}
	res := b.run(Delivery{Path: filepath.Join(inbox, "link.csv"), Dataset: "prueba-eventos", FromInbox: true})
	if res.Outcome != warehouse.Refused || res.MovedTo != "refused/prueba-eventos/enlace-link.csv" {
		t.Errorf("link in the inbox: %+v", res)
	}
	if n := b.count(`SELECT count(*) FROM ledger.reports`); n != 0 {
		t.Errorf("%d reports", n)
	}
	left, _ := filepath.Glob(b.Home.Path("archive", "*"))
	if len(left) != 0 {
		t.Errorf("archive holds %v", left)
	}
}

// Fault 8: copying stops at the cap.
func TestFileCap(t *testing.T) {
	b := newJob(t, ingesttest.Declarations(t, nil))
	b.Limits.FileBytes = 1000
	content := head + strings.Repeat("x", 1000-len(head))
	if res := b.run(b.drop("prueba-eventos", "justo.csv", content)); strings.HasPrefix(res.Load.Reason, data.RuleTooBig) {
		t.Errorf("at the cap: %+v", res)
	}
	res := b.run(b.drop("prueba-eventos", "grande.csv", content+"y"))
	if res.Outcome != warehouse.Refused || !strings.HasPrefix(res.Load.Reason, data.RuleTooBig) || res.Report.Bytes != 1001 {
		t.Errorf("over the cap: %+v", res)
	}
	b.sound(t, res, content+"y")
	// Of a file a good deal longer no more than one byte past the cap is taken.
	longer := content + strings.Repeat("y", 500_000)
	b.becomes(t, "prueba-eventos", "enorme.csv", longer, refused, "0:0 R013", longer[:1001])
}

// Faults 9 and 10: a file that changes while it is copied is not loaded.
func TestFileBeingWritten(t *testing.T) {
	for name, change := range map[string]func(string) error{
		"grows":   func(p string) error { return os.WriteFile(p, []byte(goodEvents+goodEvents), 0o600) },
		"shrinks": func(p string) error { return os.Truncate(p, 10) },
		"touched": func(p string) error { return os.Chtimes(p, time.Now(), time.Now().Add(time.Hour)) },
	} {
		t.Run(name, func(t *testing.T) {
			b := newJob(t, ingesttest.Declarations(t, nil))
			d := b.drop("prueba-eventos", "a.csv", goodEvents)
			once := false
			b.Progress = func(stage string, _, _ int64) {
				if !once {
					once = true
					if err := change(d.Path); err != nil {
						t.Error(err)
					}
				}
			}
			if _, err := b.Run(context.Background(), d); !errors.Is(err, ErrBeingWritten) {
				t.Errorf("error %v", err)
			}
			if b.count(`SELECT count(*) FROM ledger.loads`) != 0 || !b.exists("inbox/prueba-eventos/a.csv") {
				t.Error("something was done with it")
			}
			left, _ := filepath.Glob(b.Home.Path("archive", "*"))
			if len(left) != 0 {
				t.Errorf("archive holds %v", left)
			}
			b.Progress = nil
			content, err := os.ReadFile(d.Path)
			if err != nil {
				t.Fatal(err)
			}
			res := b.run(d) // tried again, it is loaded as it is by then
			b.sound(t, res, string(content))
			if b.count(`SELECT count(*) FROM ledger.loads`) != 1 || b.exists("inbox/prueba-eventos/a.csv") {
				t.Error("it was not loaded once it stood still")
			}
		})
	}
}

// Fault 9: copying does not run after a file that never stops growing.
func TestFileNeverStopsGrowing(t *testing.T) {
	b := newJob(t, ingesttest.Declarations(t, nil))
	d := b.drop("prueba-eventos", "a.csv", strings.Repeat("x", 500_000))
	b.Limits.FileBytes = 64 << 20
	var copied int64
	more := make([]byte, 1<<20)
	b.Progress = func(_ string, done, _ int64) {
		copied = done
		f, err := os.OpenFile(d.Path, os.O_APPEND|os.O_WRONLY, 0)
		if err == nil {
			_, err = f.Write(more)
			err = errors.Join(err, f.Close())
		}
		if err != nil {
			t.Error(err)
		}
	}
	if _, err := b.Run(context.Background(), d); !errors.Is(err, ErrBeingWritten) || copied > 1<<20 {
		t.Errorf("%d bytes copied, error %v", copied, err)
	}
}

// Fault 24: a delivered name is data, never a path or a forged log line.
func TestHostileNames(t *testing.T) {
	b := newJob(t, ingesttest.Declarations(t, nil))
	path := filepath.Join(t.TempDir(), "x.csv")
	for i, name := range []string{"a\nlevel=ERROR msg=forged.csv", "../../../etc/passwd", strings.Repeat("n", 300) + ".csv", ";rm -rf ~.csv", "..", "-x.csv", "ñandú.csv"} {
		content := strings.Repeat("basura ", i+1)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		res := b.run(Delivery{Path: path, Name: name, Dataset: "prueba-eventos"})
		b.sound(t, res, content)
		b.clear(t, name, res.Problems[0])
		if res.Report.Name != name {
			t.Errorf("name kept as %q", res.Report.Name)
		}
	}
	if strings.Contains(b.log.String(), "\nlevel=ERROR") {
		t.Error("a name forged a log line")
	}
	entries, err := os.ReadDir(b.Home.Path("refused", "prueba-eventos"))
	if err != nil || len(entries) != 7*4 { // the file and its three reports
		t.Errorf("%d files in refused: %v", len(entries), err)
	}
	for _, e := range entries {
		if safe := safeName(e.Name()); safe != e.Name() && len(e.Name()) < 100 {
			t.Errorf("file name %q", e.Name())
		}
	}
}

// A file replaced after it was read is another delivery: it stays.
func TestReplacedAfterSpool(t *testing.T) {
	b := newJob(t, ingesttest.Declarations(t, nil))
	d := b.drop("prueba-eventos", "a.csv", goodEvents)
	b.Failpoint = func(name string) {
		if name == "before-move" {
			b.drop("prueba-eventos", "a.csv", partEvents())
		}
	}
	if res := b.run(d); res.Outcome != warehouse.Accepted || res.MovedTo != "" || !b.exists("inbox/prueba-eventos/a.csv") {
		t.Errorf("result %+v", res)
	}
}

// A file is archived ahead of its turn once it is known to be of a dataset; one that lies
// there in its place by then is another, and read in its turn.
func TestAhead(t *testing.T) {
	b := newJob(t, ingesttest.Declarations(t, nil))
	archived := func(content string) bool { return b.exists("archive/" + hashOf([]byte(content))) }
	of := func(dataset string, err error) func(string) (string, error) {
		return func(string) (string, error) { return dataset, err }
	}
	ahead := func(d Delivery, recognise func(string) (string, error)) Delivery {
		d.Ahead = b.Ahead(t.Context(), d, recognise)
		d.Ahead.Wait()
		return d
	}
	t.Run("copied", func(t *testing.T) {
		d := b.drop("prueba-eventos", "a.csv", goodEvents)
		d.Dataset = ""
		d = ahead(d, of("prueba-eventos", nil))
		if got := d.Ahead.Of(d.Path); got != "prueba-eventos" || !archived(goodEvents) {
			t.Fatalf("of %q, archived %v", got, archived(goodEvents))
		}
		d.Dataset = d.Ahead.Of(d.Path)
		copied := d.Ahead.take(d.Path)
		if again, err := b.copied(t.Context(), d); err != nil || again != copied {
			t.Errorf("it is copied again: %v", err)
		}
		if res := b.run(d); res.Outcome != warehouse.Accepted || res.Report.SHA256 != hashOf([]byte(goodEvents)) {
			t.Errorf("%+v", res)
		}
	})
	t.Run("replaced", func(t *testing.T) {
		d := ahead(b.drop("prueba-eventos", "b.csv", goodEvents), nil)
		if err := os.Remove(d.Path); err != nil {
			t.Fatal(err)
		}
		b.drop("prueba-eventos", "b.csv", partEvents())
		if d.Ahead.Of(d.Path) != "" {
			t.Error("another file is taken for it")
		}
		if res := b.run(d); res.Report.SHA256 != hashOf([]byte(partEvents())) {
			t.Errorf("loaded is %s", res.Report.SHA256)
		}
	})
	other := strings.Replace(goodEvents, "\n", "\n\n", 1)
	for name, d := range map[string]Delivery{
		"unknown":    ahead(Delivery{Path: b.drop("prueba-eventos", "c.csv", other).Path}, of("", ErrUnrecognised)),
		"undeclared": ahead(Delivery{Path: b.drop("prueba-eventos", "c.csv", other).Path, Dataset: "nada"}, nil),
		"missing":    ahead(Delivery{Path: b.Home.Path("inbox", "nada.csv"), Dataset: "prueba-eventos"}, nil),
		"large":      ahead(b.drop("prueba-eventos", "d.csv", other+strings.Repeat("\n", mostAhead)), nil),
	} {
		if d.Ahead.Of(d.Path) != "" || archived(other) || archived(other+strings.Repeat("\n", mostAhead)) {
			t.Errorf("%s: something is taken in", name)
		}
	}
	if (*Ahead)(nil).Of("a") != "" {
		t.Error("of nothing something is known")
	}
}
