package pipeline

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"sort"
	"strings"

	"github.com/gttim/cauce/data"
	"github.com/gttim/cauce/ingest"
	"github.com/gttim/cauce/ingest/inbox"
	"github.com/gttim/cauce/internal/warehouse"
)

// maxBatch is how many inbox files one run takes, oldest first; the rest waits
// for the next run, so that no flood of files can keep a run from publishing.
const maxBatch = 200

// largeFile is the size from which a file is worth more than one thread.
const largeFile = 8 << 20

// ThreadsFor is how many threads of the database the loading of files, or of what
// lies in a home's inbox, is worth: 1 where none is large, else 0, one for each core.
// Small statements gain nothing by a second one, which the first waits for by asking
// all the time, and the indicators are evaluated side by side anyhow.
func ThreadsFor(dir string, files []string) int {
	if len(files) == 0 {
		files, _ = filepath.Glob(filepath.Join(dir, warehouse.InboxDir, "*", "*")) // the pattern is well formed
	}
	for _, f := range files {
		if info, err := os.Stat(f); err == nil && info.Size() >= largeFile {
			return 0
		}
	}
	return 1
}

// Inbox lists the files waiting in the inbox of the declared datasets, oldest
// first, at most maxBatch. Files that are still being written (hidden, .part,
// .tmp) and sidecars are left out.
func (p *Pipeline) Inbox() ([]ingest.Delivery, error) {
	type found struct {
		ingest.Delivery
		at int64
	}
	var all []found
	for _, ds := range p.Decls.Datasets {
		dir := p.Home.Path(warehouse.InboxDir, ds.ID)
		entries, err := os.ReadDir(dir)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("read inbox: %w", err)
		}
		for _, e := range entries {
			info, err := e.Info()
			if err != nil || e.IsDir() || inbox.Ignored(e.Name()) {
				continue
			}
			d := ingest.Delivery{Path: filepath.Join(dir, e.Name()), Name: e.Name(), Dataset: ds.ID, FromInbox: true}
			all = append(all, found{d, info.ModTime().UnixNano()})
		}
	}
	sort.SliceStable(all, func(i, j int) bool { return all[i].at < all[j].at })
	var out []ingest.Delivery
	for _, f := range all[:min(len(all), maxBatch)] {
		out = append(out, f.Delivery)
	}
	return out, nil
}

// InInbox tells whether a path lies in this home's inbox and, if so, under which
// dataset's folder.
func (p *Pipeline) InInbox(file string) (dataset string, ok bool) {
	abs, err := filepath.Abs(file)
	if err != nil {
		return "", false
	}
	rel, err := filepath.Rel(p.Home.Path(warehouse.InboxDir), abs)
	if err != nil {
		return "", false
	}
	parts := strings.Split(filepath.ToSlash(rel), "/")
	if len(parts) == 2 && p.Decls.Dataset(parts[0]) != nil {
		return parts[0], true
	}
	return "", false
}

// recognise finds the dataset of a file by its header. Only a regular file is
// opened: anything else could keep the run waiting.
func (p *Pipeline) recognise(file string) (string, error) {
	info, err := os.Lstat(file)
	if err != nil {
		return "", fmt.Errorf("recognise dataset: %w", err)
	}
	if !info.Mode().IsRegular() {
		return "", fmt.Errorf("recognise dataset of %s: %w", file, ingest.ErrNotRegular)
	}
	f, err := os.Open(file)
	if err != nil {
		return "", fmt.Errorf("recognise dataset: %w", err)
	}
	defer f.Close()
	id, err := ingest.RecogniseFile(p.Decls, file, f)
	if err != nil {
		return "", fmt.Errorf("%s: %w", file, err)
	}
	return id, nil
}

// ErrNotEmpty means that shipped reports were asked for in a home that holds
// others.
var ErrNotEmpty = errors.New("the home already holds reports of its own")

// Shipped writes the reports shipped with the program into the home's temporary
// folder and lists them as deliveries, by file name, which begins with the date
// of publication. A home that holds any other report gets ErrNotEmpty.
func (p *Pipeline) Shipped(ctx context.Context) ([]ingest.Delivery, error) {
	own, err := p.DB.HasOwnReports(ctx)
	if err != nil {
		return nil, err
	}
	if own {
		return nil, fmt.Errorf("load shipped reports: %w: %w", ErrNotEmpty, data.ErrDeclaration)
	}
	names, err := fs.Glob(data.Files, "reports/*/*.csv")
	if err != nil {
		return nil, err
	}
	names = slices.DeleteFunc(names, func(n string) bool { return strings.HasSuffix(n, warehouse.CodebookSuffix) })
	sort.Slice(names, func(i, j int) bool {
		a, b := path.Base(names[i]), path.Base(names[j])
		return a < b || a == b && names[i] < names[j]
	})
	var out []ingest.Delivery
	for _, name := range names {
		ds := path.Base(path.Dir(name))
		if p.Decls.Dataset(ds) == nil {
			return nil, fmt.Errorf("shipped report %s: no such dataset: %w", name, data.ErrDeclaration)
		}
		b, err := data.Files.ReadFile(name)
		if err != nil {
			return nil, err
		}
		dir := p.Home.Path(warehouse.TempDir, ds)
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return nil, fmt.Errorf("write shipped report: %w", err)
		}
		file := filepath.Join(dir, path.Base(name))
		if err := os.WriteFile(file, b, 0o600); err != nil {
			return nil, fmt.Errorf("write shipped report: %w", err)
		}
		for _, suffix := range []string{warehouse.SidecarSuffix, warehouse.CodebookSuffix} {
			if beside, err := data.Files.ReadFile(name + suffix); err == nil {
				if err := os.WriteFile(file+suffix, beside, 0o600); err != nil {
					return nil, fmt.Errorf("write shipped report: %w", err)
				}
			}
		}
		out = append(out, ingest.Delivery{Path: file, Name: path.Base(name), Dataset: ds, Shipped: true})
	}
	return out, nil
}
