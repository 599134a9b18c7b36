package inbox

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/fsnotify/fsnotify"
	"github.com/jonboulle/clockwork"

	"github.com/gttim/cauce/internal/warehouse"
)

// inbox knows the files that wait in D/inbox/<dataset-id>, and which of them are
// complete. It is used by one goroutine.
type inbox struct {
	dir      string
	datasets []string
	settle   time.Duration
	rescan   time.Duration
	clock    clockwork.Clock
	log      *slog.Logger
	root     *os.Root
	files    map[string]*arrival // by path below the home
	strays   map[string]bool     // names in the inbox that were warned of
	notify   func() (*fsnotify.Watcher, error)
}

// arrival is one file as last looked at.
type arrival struct {
	path    string
	dataset string
	form    form
	since   time.Time // first look at this form
	settled bool
	hold    hold
	gone    bool
}

// form is what tells that a file, or what lies beside it, has changed.
type form struct {
	size, sidecarSize, codebookSize int64
	mod, sidecarMod, codebookMod    time.Time
}

// hold keeps something that failed from being tried again at once.
type hold struct {
	failures int
	since    time.Time
}

// over tells that there is no reason to wait any longer. A clock that was set
// back ends the wait.
func (h hold) over(clock clockwork.Clock) bool {
	if h.failures == 0 {
		return true
	}
	waited := clock.Since(h.since)
	return waited < 0 || waited >= min(time.Minute<<min(h.failures-1, 6), time.Hour)
}

func (h *hold) fail(clock clockwork.Clock) {
	h.failures++
	h.since = clock.Now()
}

func newInbox(dir string, opt SchedulerOptions) *inbox {
	in := &inbox{
		dir: dir, settle: opt.Settle, rescan: opt.Rescan, clock: opt.Clock, log: opt.Log,
		files: map[string]*arrival{}, strays: map[string]bool{}, notify: fsnotify.NewWatcher,
	}
	for _, ds := range opt.Declarations.Datasets {
		in.datasets = append(in.datasets, ds.ID)
	}
	return in
}

// folder is where the files of a dataset come in, below the home.
func folder(dataset string) string { return path.Join(warehouse.InboxDir, dataset) }

// open makes the folders that are not there, so that people see where a
// dataset's files go.
func (in *inbox) open() error {
	root, err := os.OpenRoot(in.dir)
	if err != nil {
		return fmt.Errorf("open home: %w", err)
	}
	in.root = root
	for _, id := range in.datasets {
		if err := root.MkdirAll(folder(id), 0o750); err != nil {
			in.close()
			return fmt.Errorf("make inbox: %w", err)
		}
	}
	if err := in.look(); err != nil {
		in.close()
		return err
	}
	return nil
}

func (in *inbox) close() {
	if err := in.root.Close(); err != nil {
		in.log.Warn("close home", "error", err)
	}
}

// watch gives a channel that speaks when something changed in a watched folder,
// and a function that ends it. Where events cannot be had the channel is silent
// and the looks alone find the files.
func (in *inbox) watch() (<-chan struct{}, func(), error) {
	w, err := in.notify()
	if err != nil {
		return nil, func() {}, fmt.Errorf("watch inbox: %w", err)
	}
	for _, id := range in.datasets {
		if err := w.Add(filepath.Join(in.dir, folder(id))); err != nil {
			return nil, func() {}, errors.Join(fmt.Errorf("watch %s: %w", folder(id), err), w.Close())
		}
	}
	changes, ended := make(chan struct{}, 1), make(chan struct{})
	go func() {
		defer close(ended)
		events, errs := w.Events, w.Errors
		for events != nil || errs != nil {
			select {
			case _, ok := <-events:
				if !ok {
					events = nil
					continue
				}
			case err, ok := <-errs:
				if !ok {
					errs = nil
					continue
				}
				in.log.Warn("watch inbox", "error", err)
			}
			select {
			case changes <- struct{}{}:
			default:
			}
		}
	}()
	return changes, func() {
		if err := w.Close(); err != nil {
			in.log.Warn("end watch of inbox", "error", err)
		}
		<-ended
	}, nil
}

// nextLook is how long to wait before looking again when nothing speaks.
func (in *inbox) nextLook() time.Duration {
	for _, a := range in.files {
		if !a.settled {
			return in.settle
		}
	}
	return in.rescan
}

// look brings the known files up to date.
func (in *inbox) look() error {
	for _, a := range in.files {
		a.gone = true
	}
	for _, id := range in.datasets {
		entries, err := in.list(folder(id))
		if err != nil {
			return err
		}
		for _, e := range entries {
			if waits(e) {
				in.see(path.Join(folder(id), e.Name()), id)
			}
		}
	}
	for name, a := range in.files {
		if a.gone {
			delete(in.files, name)
		}
	}
	return in.warnOfStrays()
}

// list reads a folder; one that is gone is empty.
func (in *inbox) list(dir string) ([]fs.DirEntry, error) {
	entries, err := fs.ReadDir(in.root.FS(), dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("read %s: %w", dir, err)
	}
	return entries, nil
}

// warnOfStrays says once of every name in the inbox that nobody will take it.
func (in *inbox) warnOfStrays() error {
	entries, err := in.list(warehouse.InboxDir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		known := e.IsDir() && slices.Contains(in.datasets, e.Name())
		if known || Ignored(e.Name()) || in.strays[e.Name()] {
			continue
		}
		in.strays[e.Name()] = true
		in.log.Warn("not taken: files go into the folder of their dataset", "name", path.Join(warehouse.InboxDir, e.Name()))
	}
	return nil
}

// Ignored tells whether a name in an inbox folder is no delivery: hidden, still
// being written by its own word, a sidecar, or a codebook.
func Ignored(name string) bool {
	return strings.HasPrefix(name, ".") || strings.HasSuffix(name, ".part") ||
		strings.HasSuffix(name, ".tmp") || strings.HasSuffix(name, warehouse.SidecarSuffix) || strings.HasSuffix(name, warehouse.CodebookSuffix)
}

// waits tells whether a name in the inbox is a delivery. Symbolic links are
// handed on too: the load refuses them by name. Pipes and devices are not, since
// nothing could be said about them but the same error again and again.
func waits(e fs.DirEntry) bool {
	return !Ignored(e.Name()) && (e.Type().IsRegular() || e.Type()&fs.ModeSymlink != 0)
}

func (in *inbox) see(name, dataset string) {
	st, err := in.root.Lstat(name)
	if err != nil {
		return // moved on since the folder was read
	}
	f := form{size: st.Size(), mod: st.ModTime()}
	for _, stem := range []string{strings.TrimSuffix(name, path.Ext(name)), name} {
		if st, err := in.root.Lstat(stem + warehouse.SidecarSuffix); err == nil {
			f.sidecarSize, f.sidecarMod = st.Size(), st.ModTime()
		}
		if st, err := in.root.Lstat(stem + warehouse.CodebookSuffix); err == nil {
			f.codebookSize, f.codebookMod = st.Size(), st.ModTime()
		}
	}
	a := in.files[name]
	if a == nil || a.form != f || in.clock.Since(a.since) < 0 {
		in.files[name] = &arrival{path: name, dataset: dataset, form: f, since: in.clock.Now()}
		return
	}
	a.gone = false
	a.settled = a.settled || in.clock.Since(a.since) >= in.settle
}

// batch gives the complete files of one dataset, oldest first, at most n: that
// dataset whose oldest file is the oldest of all.
func (in *inbox) batch(n int) (dataset string, files []string) {
	var ready []*arrival
	for _, a := range in.files {
		if a.settled && a.hold.over(in.clock) {
			ready = append(ready, a)
		}
	}
	slices.SortFunc(ready, func(a, b *arrival) int {
		return cmp.Or(a.form.mod.Compare(b.form.mod), cmp.Compare(a.path, b.path))
	})
	for _, a := range ready {
		if len(files) < n && a.dataset == ready[0].dataset {
			files = append(files, a.path)
		}
	}
	if len(ready) > 0 {
		dataset = ready[0].dataset
	}
	return dataset, files
}

// tried holds back the files of a load: those that the load did not move away
// wait longer after every try.
func (in *inbox) tried(files []string) {
	for _, name := range files {
		if a := in.files[name]; a != nil {
			a.hold.fail(in.clock)
		}
	}
}

// release lets the held files of a dataset be tried again.
func (in *inbox) release(dataset string) {
	for _, a := range in.files {
		if a.dataset == dataset {
			a.hold = hold{}
		}
	}
}
