package ingest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/gttim/cauce/ingest/gate/split"
	"github.com/gttim/cauce/internal/warehouse"
)

// Errors of a delivered file that say nothing about its content.
var (
	// ErrNotRegular: a directory, pipe, socket or device.
	ErrNotRegular = errors.New("not a regular file")
	// ErrBeingWritten: the file changed while it was copied; try again later.
	ErrBeingWritten = errors.New("file is still being written")
	// errSymlink: the file is refused, the link is not followed.
	errSymlink = errors.New("symbolic link")
)

// spooled is a delivered file as archived: what the rest of the job works on.
type spooled struct {
	sha256  string
	profile split.Profile
	size    int64     // of the delivered file, also when it was cut at the cap
	modTime time.Time // of the delivered file
	path    string    // in the archive
}

func (s *spooled) open() (io.ReadCloser, error) { return os.Open(s.path) }

// spool copies a delivered file into the archive under the hash of its bytes.
// When it returns, the copy is durable. Errors: ErrNotRegular, ErrBeingWritten,
// errSymlink, or of the file system.
func (j *Job) spool(ctx context.Context, d Delivery) (*spooled, error) {
	in, before, err := j.openDelivered(d)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	archive := j.Home.Path(warehouse.ArchiveDir)
	out, err := os.CreateTemp(archive, warehouse.TempPrefix+"*")
	if err != nil {
		return nil, fmt.Errorf("spool: %w", err)
	}
	defer os.Remove(out.Name())
	defer out.Close()
	// One byte past the cap is taken, so that what is left of a longer file is
	// never the same bytes as a whole one.
	c := &copying{ctx: ctx, in: in, out: out, limit: j.Limits.FileBytes + 1, total: before.Size(),
		sum: sha256.New(), profile: split.NewProfile(), progress: j.Progress}
	if err := c.run(); err != nil {
		return nil, fmt.Errorf("spool %s: %w", d.Name, err)
	}
	after, err := in.Stat()
	if err != nil {
		return nil, fmt.Errorf("spool %s: %w", d.Name, err)
	}
	if after.Size() != before.Size() || !after.ModTime().Equal(before.ModTime()) || !c.capped && c.profile.Bytes != before.Size() {
		return nil, fmt.Errorf("spool %s: %w", d.Name, ErrBeingWritten)
	}
	s := &spooled{sha256: hex.EncodeToString(c.sum.Sum(nil)), profile: *c.profile, size: before.Size(), modTime: before.ModTime()}
	s.path = filepath.Join(archive, s.sha256)
	s.profile.Bytes = before.Size()
	if err := out.Sync(); err != nil {
		return nil, fmt.Errorf("spool %s: %w", d.Name, err)
	}
	if err := os.Rename(out.Name(), s.path); err != nil {
		return nil, fmt.Errorf("spool %s: %w", d.Name, err)
	}
	return s, warehouse.SyncDir(archive)
}

// openDelivered opens the file without following a link at its end and without
// waiting for a pipe's writer.
func (j *Job) openDelivered(d Delivery) (*os.File, fs.FileInfo, error) {
	root, name, err := j.place(d)
	if err != nil {
		return nil, nil, fmt.Errorf("open %s: %w", d.Name, err)
	}
	defer root.Close()
	seen, err := root.Lstat(name)
	switch {
	case err != nil:
		return nil, nil, fmt.Errorf("open %s: %w", d.Path, err)
	case seen.Mode()&fs.ModeSymlink != 0:
		return nil, nil, fmt.Errorf("open %s: %w", d.Name, errSymlink)
	case !seen.Mode().IsRegular():
		return nil, nil, fmt.Errorf("open %s: %w", d.Path, ErrNotRegular)
	}
	f, err := root.OpenFile(name, os.O_RDONLY|syscall.O_NOFOLLOW|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, nil, fmt.Errorf("open %s: %w", d.Path, err)
	}
	info, err := f.Stat()
	if err == nil && (!info.Mode().IsRegular() || !os.SameFile(seen, info)) {
		err = ErrNotRegular // exchanged between the two looks
	}
	if err != nil {
		f.Close()
		return nil, nil, fmt.Errorf("open %s: %w", d.Path, err)
	}
	return f, info, nil
}

// place opens the folder that holds the delivered file. The inbox is entered
// through the home's root, so that no link leads out of it.
func (j *Job) place(d Delivery) (*os.Root, string, error) {
	abs, err := filepath.Abs(d.Path)
	if err != nil {
		return nil, "", err
	}
	dir, name := filepath.Split(abs)
	if d.FromInbox {
		rel, err := filepath.Rel(j.Home.Dir, filepath.Clean(dir))
		if err != nil {
			return nil, "", err
		}
		root, err := j.Home.Root.OpenRoot(rel)
		return root, name, err
	}
	root, err := os.OpenRoot(dir)
	return root, name, err
}

// copying copies, hashes and profiles at once.
type copying struct {
	ctx      context.Context
	in       io.Reader
	out      io.Writer
	limit    int64
	total    int64
	sum      hash.Hash
	profile  *split.Profile
	progress func(stage string, done, total int64)
	capped   bool
}

const copyBytes = 256 << 10

func (c *copying) run() error {
	var done int64
	// The hash runs beside reading, profiling and writing; two buffers take turns.
	todo, free := make(chan []byte, 1), make(chan []byte, 2)
	hashed := make(chan struct{})
	go func() {
		defer close(hashed)
		for b := range todo {
			c.sum.Write(b)
			free <- b[:cap(b)]
		}
	}()
	free <- make([]byte, copyBytes)
	free <- make([]byte, copyBytes)
	err := func() error {
		for {
			if err := c.ctx.Err(); err != nil {
				return err
			}
			buf := <-free
			if room := c.limit - done; room < int64(len(buf)) {
				buf = buf[:room]
			}
			if len(buf) == 0 {
				c.capped = true
				return nil
			}
			n, err := io.ReadFull(c.in, buf)
			done += int64(n)
			c.profile.Add(buf[:n])
			if _, werr := c.out.Write(buf[:n]); werr != nil {
				return werr
			}
			todo <- buf[:n]
			if c.progress != nil {
				c.progress("archivar", done, c.total)
			}
			if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
				return nil
			}
			if err != nil {
				return err
			}
		}
	}()
	close(todo)
	<-hashed
	c.profile.Finish()
	return err
}

// safeName is a delivered name as part of a name of ours: it cannot leave its
// folder, hide, or be too long. The delivered name itself is kept as data.
func safeName(name string) string {
	name = filepath.Base(strings.ReplaceAll(name, "\\", "/"))
	var b strings.Builder
	for _, r := range name {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '.', r == '-', r == '_':
			b.WriteRune(r)
		default:
			b.WriteByte('_')
		}
		if b.Len() >= 100 {
			break
		}
	}
	out := strings.TrimLeft(b.String(), ".-")
	if out == "" {
		return "archivo"
	}
	return out
}
