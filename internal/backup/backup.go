package backup

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/gttim/cauce/internal/warehouse"
)

// ErrExists means that the place of a copy is taken: nothing is written over.
var ErrExists = fs.ErrExist

// Copied counts what a copy holds: delivered files, and the publication, 0 for none.
type Copied struct {
	Files       int
	Bytes       int64
	Publication int
}

var archivedName = regexp.MustCompile(`^[0-9a-f]{64}$`)

// Backup copies a home's archive with its journals and its current publication to
// a folder that does not exist yet. The warehouse is not copied: it is made again
// from the archive. Loads wait meanwhile. The folder appears when it is whole.
// Errors: ErrExists, warehouse.ErrBusy, warehouse.ErrIntegrity where an archived
// file is not what its name says, or operational.
func Backup(dir, to string) (out Copied, err error) {
	home, err := warehouse.OpenHome(dir)
	if err != nil {
		return out, err
	}
	defer home.Close()
	release, err := home.Hold()
	if err != nil {
		return out, err
	}
	defer func() { err = errors.Join(err, release()) }()
	if _, err := os.Lstat(to); err == nil {
		return out, fmt.Errorf("backup to %s: %w", to, ErrExists)
	}
	parent := filepath.Dir(filepath.Clean(to))
	part, err := os.MkdirTemp(parent, warehouse.TempPrefix+"*")
	if err != nil {
		return out, fmt.Errorf("backup: %w", err)
	}
	defer os.RemoveAll(part)
	if out, err = copyAll(home.Dir, part); err != nil {
		return out, err
	}
	if err := os.Rename(part, to); err != nil {
		return out, fmt.Errorf("backup: %w", err)
	}
	return out, warehouse.SyncDir(parent)
}

// Restore lays a copy into a home that holds nothing yet. What is missing then is
// the warehouse, which is made from the archive. Errors: warehouse.ErrIntegrity
// where a write-ahead log lies in the home, which would be replayed into whatever
// warehouse comes beside it, or the copy is damaged; ErrExists where the home holds
// a warehouse or archived files; or operational.
func Restore(from, dir string) (Copied, error) {
	if err := warehouse.Vacant(dir); err != nil {
		return Copied{}, err
	}
	if left, err := filepath.Glob(filepath.Join(dir, warehouse.ArchiveDir, "*")); err != nil || len(left) > 0 {
		return Copied{}, fmt.Errorf("%s holds archived files: move the home aside: %w", dir, errors.Join(ErrExists, err))
	}
	if st, err := os.Stat(filepath.Join(from, warehouse.ArchiveDir)); err != nil || !st.IsDir() {
		return Copied{}, fmt.Errorf("%s holds no copy of an archive: %w", from, fs.ErrNotExist)
	}
	home, err := warehouse.OpenHome(dir)
	if err != nil {
		return Copied{}, err
	}
	defer home.Close()
	return copyAll(from, home.Dir)
}

// copyAll copies archive and current publication, and makes both durable.
func copyAll(from, to string) (out Copied, err error) {
	for _, dir := range []string{warehouse.ArchiveDir, warehouse.PublishedDir} {
		if err := os.MkdirAll(filepath.Join(to, dir), 0o700); err != nil {
			return out, fmt.Errorf("copy: %w", err)
		}
	}
	entries, err := os.ReadDir(filepath.Join(from, warehouse.ArchiveDir))
	if err != nil {
		return out, fmt.Errorf("copy archive: %w", err)
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), warehouse.TempPrefix) {
			continue
		}
		name := filepath.Join(warehouse.ArchiveDir, e.Name())
		sum, n, err := copyFile(filepath.Join(from, name), filepath.Join(to, name))
		if err != nil {
			return out, err
		}
		if archivedName.MatchString(e.Name()) {
			if sum != e.Name() {
				return out, fmt.Errorf("archive/%s now hashes to %s: %w", e.Name(), sum, warehouse.ErrIntegrity)
			}
			out.Files++
		}
		out.Bytes += n
	}
	path, id, err := warehouse.Current(from)
	if errors.Is(err, fs.ErrNotExist) {
		return out, warehouse.SyncDir(filepath.Join(to, warehouse.ArchiveDir))
	}
	if err != nil {
		return out, err
	}
	published := filepath.Join(to, warehouse.PublishedDir)
	_, n, err := copyFile(path, filepath.Join(published, filepath.Base(path)))
	if err != nil {
		return out, err
	}
	// The pointer comes last: it names what is there.
	if err := warehouse.WriteFileAtomic(published, warehouse.PointerFile, []byte(filepath.Base(path)+"\n")); err != nil {
		return out, err
	}
	out.Bytes += n
	out.Publication = id
	return out, warehouse.SyncDir(filepath.Join(to, warehouse.ArchiveDir))
}

// copyFile copies a regular file to a new one and gives the hash of its bytes.
func copyFile(from, to string) (sum string, n int64, err error) {
	in, err := os.Open(from)
	if err != nil {
		return "", 0, fmt.Errorf("copy: %w", err)
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return "", 0, fmt.Errorf("copy: %w", err)
	}
	h := sha256.New()
	n, err = io.Copy(io.MultiWriter(out, h), in)
	if err == nil {
		err = out.Sync()
	}
	if err = errors.Join(err, out.Close()); err != nil {
		return "", n, fmt.Errorf("copy %s: %w", filepath.Base(from), err)
	}
	return hex.EncodeToString(h.Sum(nil)), n, nil
}
