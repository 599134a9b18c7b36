package warehouse

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/gofrs/flock"
)

// Names inside a home directory.
const (
	InboxDir     = "inbox"
	DoneDir      = "done"
	RefusedDir   = "refused"
	ArchiveDir   = "archive"
	PublishedDir = "published"
	TempDir      = "tmp"
	databaseFile = "warehouse.duckdb"
	lockFile     = "warehouse.lock"
)

// SidecarSuffix ends the names of files that describe another delivered file.
const SidecarSuffix = ".meta.yml"

// CodebookSuffix ends the names of files that explain the codes of another
// delivered file.
const CodebookSuffix = ".codebook.csv"

// TempPrefix marks files that are not whole yet; they are removed at start.
const TempPrefix = ".tmp-"

// Home is the directory that holds everything Cauce keeps. Root confines file
// access to it.
type Home struct {
	Dir  string
	Root *os.Root
}

// ErrHomePath is of a home whose path the database would take for something else: what
// follows one of these characters it reads as settings, and leaves its own out.
var ErrHomePath = errors.New("a home's path must not hold any of ? # %")

// OpenHome opens dir as a home, making it and its folders where missing. Its
// error names the folder that cannot be made or written; or ErrHomePath.
func OpenHome(dir string) (*Home, error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("open home: %w", err)
	}
	if strings.ContainsAny(abs, "?#%") {
		return nil, fmt.Errorf("open home %s: %w", abs, ErrHomePath)
	}
	if err := os.MkdirAll(abs, 0o700); err != nil {
		return nil, fmt.Errorf("open home: %w", err)
	}
	root, err := os.OpenRoot(abs)
	if err != nil {
		return nil, fmt.Errorf("open home: %w", err)
	}
	for _, d := range []string{InboxDir, DoneDir, RefusedDir, ArchiveDir, PublishedDir, TempDir} {
		if err := root.Mkdir(d, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
			root.Close()
			return nil, fmt.Errorf("open home: %w", err)
		}
	}
	return &Home{Dir: abs, Root: root}, nil
}

// Path joins elem to the home's absolute path.
func (h *Home) Path(elem ...string) string {
	return filepath.Join(append([]string{h.Dir}, elem...)...)
}

// MakeInbox makes the inbox folder of a dataset.
func (h *Home) MakeInbox(dataset string) error {
	if err := h.Root.Mkdir(filepath.Join(InboxDir, dataset), 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("make inbox: %w", err)
	}
	return nil
}

// Vacant holds that no warehouse lies in dir. A write-ahead log alone is an
// ErrIntegrity: beside another warehouse it would be replayed into it, and it is
// never removed by itself.
func Vacant(dir string) error {
	const wal = databaseFile + ".wal"
	if _, err := os.Lstat(filepath.Join(dir, wal)); err == nil {
		return fmt.Errorf("%s lies in %s: it belongs to another warehouse, move it aside: %w", wal, dir, ErrIntegrity)
	}
	if _, err := os.Lstat(filepath.Join(dir, databaseFile)); err == nil {
		return fmt.Errorf("%s holds a warehouse: move the home aside: %w", dir, fs.ErrExist)
	}
	return nil
}

// Close releases the home's directory handle.
func (h *Home) Close() error { return h.Root.Close() }

// sweep removes what an interrupted run left half made: temporary files of the
// archive, the published folder and DuckDB's spill folder. Only the holder of
// the lock may call it.
func (h *Home) sweep() error {
	for _, d := range []string{ArchiveDir, PublishedDir} {
		entries, err := os.ReadDir(h.Path(d))
		if err != nil {
			return fmt.Errorf("sweep: %w", err)
		}
		for _, e := range entries {
			if strings.HasPrefix(e.Name(), TempPrefix) {
				if err := os.RemoveAll(h.Path(d, e.Name())); err != nil {
					return fmt.Errorf("sweep: %w", err)
				}
			}
		}
	}
	return h.clearTemp()
}

// clearTemp removes what lies in the folder for temporary files.
func (h *Home) clearTemp() error {
	entries, err := os.ReadDir(h.Path(TempDir))
	if err != nil {
		return fmt.Errorf("sweep: %w", err)
	}
	for _, e := range entries {
		if err := os.RemoveAll(h.Path(TempDir, e.Name())); err != nil {
			return fmt.Errorf("sweep: %w", err)
		}
	}
	return nil
}

// SyncDir makes the directory's entries durable.
func SyncDir(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("sync directory: %w", err)
	}
	defer f.Close()
	if err := f.Sync(); err != nil {
		return fmt.Errorf("sync directory: %w", err)
	}
	return nil
}

// WriteFileAtomic writes name inside dir so that a reader sees the old content
// or the new, never a part: temporary file, fsync, rename, fsync of dir.
func WriteFileAtomic(dir, name string, content []byte) error {
	f, err := os.CreateTemp(dir, TempPrefix+"*")
	if err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	defer os.Remove(f.Name())
	if _, err := f.Write(content); err != nil {
		f.Close()
		return fmt.Errorf("write %s: %w", name, err)
	}
	if err := f.Sync(); err != nil {
		f.Close()
		return fmt.Errorf("write %s: %w", name, err)
	}
	if err := f.Close(); err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	if err := os.Rename(f.Name(), filepath.Join(dir, name)); err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	return SyncDir(dir)
}

// ErrBusy means that another process holds the warehouse; commands exit 5.
var ErrBusy = errors.New("warehouse is busy")

// lock takes the single-writer lock without waiting. ErrBusy names the process
// that holds it.
func lock(h *Home) (*flock.Flock, error) {
	l := flock.New(h.Path(lockFile))
	ok, err := l.TryLock()
	if err != nil {
		return nil, fmt.Errorf("lock warehouse: %w", err)
	}
	if !ok {
		pid, _ := os.ReadFile(h.Path(lockFile))
		return nil, fmt.Errorf("process %s is loading into %s: %w", holder(pid), h.Dir, ErrBusy)
	}
	if err := os.WriteFile(h.Path(lockFile), []byte(strconv.Itoa(os.Getpid())+"\n"), 0o600); err != nil {
		return nil, errors.Join(fmt.Errorf("lock warehouse: %w", err), l.Unlock())
	}
	return l, nil
}

func holder(b []byte) string {
	if pid := strings.TrimSpace(string(b)); pid != "" {
		return pid
	}
	return "(unknown)"
}

// Hold takes the home's lock without opening the warehouse, which may be one that
// cannot be opened. Error: ErrBusy.
func (h *Home) Hold() (release func() error, err error) {
	l, err := lock(h)
	if err != nil {
		return nil, err
	}
	return l.Unlock, nil
}

// previous ends the name of a warehouse that another took the place of.
const previous = ".anterior"

// Replace puts the warehouse of the home at dir, closed, in the place of this
// home's, whose lock the caller holds. The old one and its write-ahead log stay
// under other names: nothing is deleted. A crash leaves one or the other in place.
func (h *Home) Replace(dir string) error {
	from := Home{Dir: dir}
	if _, err := os.Stat(from.Path(databaseFile + ".wal")); err == nil {
		return fmt.Errorf("replace warehouse: the new one was not closed: %w", ErrIntegrity)
	}
	for _, name := range []string{databaseFile + ".wal", databaseFile} {
		err := os.Remove(h.Path(name + previous))
		if err == nil || errors.Is(err, fs.ErrNotExist) {
			err = os.Link(h.Path(name), h.Path(name+previous))
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("replace warehouse: %w", err)
		}
	}
	// The log belongs to the old file: beside the new one it would be replayed into it.
	if err := os.Remove(h.Path(databaseFile + ".wal")); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("replace warehouse: %w", err)
	}
	if err := os.Rename(from.Path(databaseFile), h.Path(databaseFile)); err != nil {
		return fmt.Errorf("replace warehouse: %w", err)
	}
	return SyncDir(h.Dir)
}
