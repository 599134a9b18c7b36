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

	temp    string // its name until it is durable
	settled chan struct{}
	failed  error // of making it durable; only after settled
}

// open reads the copy, which has its temporary name until it is durable.
func (s *spooled) open() (io.ReadCloser, error) {
	f, err := os.Open(s.path)
	if s.temp != "" && errors.Is(err, fs.ErrNotExist) {
		if f, err = os.Open(s.temp); errors.Is(err, fs.ErrNotExist) {
			f, err = os.Open(s.path)
		}
	}
	return f, err
}

// keep makes the copy durable under the hash of its bytes, beside what reads it:
// the disk takes as long as judging the rows.
func (s *spooled) keep(out *os.File, flushed <-chan error, archive string) {
	defer close(s.settled)
	defer os.Remove(s.temp)
	defer out.Close()
	if s.failed = errors.Join(<-flushed, out.Sync()); s.failed != nil {
		return
	}
	if s.failed = os.Rename(s.temp, s.path); s.failed != nil {
		return
	}
	s.failed = warehouse.SyncDir(archive)
}

// durable waits until the copy is. Nothing of the file may be committed or settled
// before. Bytes that were in the archive already are.
func (s *spooled) durable() error {
	if s.settled == nil {
		return nil
	}
	<-s.settled
	if s.failed != nil {
		return fmt.Errorf("archive %s: %w", s.sha256, s.failed)
	}
	return nil
}

// spool copies a delivered file into the archive under the hash of its bytes. The
// copy can be read at once and is durable once durable says so. Errors:
// ErrNotRegular, ErrBeingWritten, errSymlink, or of the file system.
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
	var s *spooled
	defer func() {
		if s == nil {
			out.Close()
			os.Remove(out.Name())
		}
	}()
	// One byte past the cap is taken, so that what is left of a longer file is
	// never the same bytes as a whole one; and one past the size that the file had,
	// which tells that it grows without running after it.
	c := &copying{ctx: ctx, in: in, out: out, limit: min(j.Limits.FileBytes, before.Size()) + 1, total: before.Size(),
		sum: sha256.New(), profile: split.NewProfile(), progress: j.Progress, flushed: make(chan error, 1)}
	if err := c.run(); err != nil {
		return nil, fmt.Errorf("spool %s: %w", d.Name, err)
	}
	after, err := in.Stat()
	if err != nil {
		return nil, fmt.Errorf("spool %s: %w", d.Name, err)
	}
	if after.Size() != before.Size() || !after.ModTime().Equal(before.ModTime()) || c.profile.Bytes != min(before.Size(), j.Limits.FileBytes+1) {
		return nil, fmt.Errorf("spool %s: %w", d.Name, ErrBeingWritten)
	}
	s = &spooled{sha256: hex.EncodeToString(c.sum.Sum(nil)), profile: *c.profile, size: before.Size(), modTime: before.ModTime(),
		temp: out.Name(), settled: make(chan struct{})}
	s.path = filepath.Join(archive, s.sha256)
	s.profile.Bytes = before.Size()
	go s.keep(out, c.flushed, archive)
	return s, nil
}

// mostAhead is the size up to which a file is archived ahead of its turn.
const mostAhead = 1 << 20

// Ahead is a small file's copy in the archive, made while the load before it goes on,
// and the dataset that it was recognised to be of. Whoever asks for it calls Wait.
type Ahead struct {
	dataset string
	seen    fs.FileInfo
	file    *spooled
	done    chan struct{}
}

// Ahead begins to archive a delivery ahead of its turn, if it is of a dataset: of what is
// of none nothing is taken in. What goes wrong is left to Run, which does it again and
// tells.
func (j *Job) Ahead(ctx context.Context, d Delivery, recognise func(path string) (dataset string, err error)) *Ahead {
	a := &Ahead{dataset: d.Dataset, done: make(chan struct{})}
	job := *j
	job.Progress, job.Limits = nil, j.Limits.OrDefault()
	go func() {
		defer close(a.done)
		var err error
		if a.seen, err = os.Lstat(d.Path); err != nil || !a.seen.Mode().IsRegular() || a.seen.Size() > mostAhead {
			return
		}
		if a.dataset == "" {
			a.dataset, err = recognise(d.Path)
		}
		if err != nil || job.Decls.Dataset(a.dataset) == nil {
			return
		}
		if file, err := job.spool(ctx, d); err == nil {
			a.file = file
		}
	}()
	return a
}

// Wait returns once nothing of it goes on.
func (a *Ahead) Wait() {
	if a == nil {
		return
	}
	if <-a.done; a.file != nil {
		_ = a.file.durable() // who loads it is told
	}
}

// Of is the dataset that the file at a path was recognised to be of, "" where that is
// not known or another file lies there by now.
func (a *Ahead) Of(path string) string {
	if a.take(path) == nil {
		return ""
	}
	return a.dataset
}

// take gives the copy, nil where there is none or another file lies there by now.
func (a *Ahead) take(path string) *spooled {
	if a == nil {
		return nil
	}
	if <-a.done; a.file == nil {
		return nil
	}
	same := func(f fs.FileInfo) bool {
		return os.SameFile(a.seen, f) && f.Size() == a.file.size && f.ModTime().Equal(a.file.modTime)
	}
	if now, err := os.Lstat(path); err != nil || !same(now) || !same(a.seen) {
		return nil
	}
	return a.file
}

// copied is the delivery's copy in the archive: the one made ahead, where it is of the
// file that lies there now.
func (j *Job) copied(ctx context.Context, d Delivery) (*spooled, error) {
	if file := d.Ahead.take(d.Path); file != nil {
		return file, nil
	}
	return j.spool(ctx, d)
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
	out      *os.File
	limit    int64
	total    int64
	sum      hash.Hash
	profile  *split.Profile
	progress func(stage string, done, total int64)
	flushed  chan error // once run has ended: what became of it on the disk
}

const (
	copyBytes   = 256 << 10
	copyBuffers = 6
	flushBytes  = 256 << 20
)

func (c *copying) run() error {
	var done int64
	// The hash takes about as long as reading and writing, and the profile a third of
	// it: each runs beside the others, and a few buffers take turns.
	todo, hashed, free := make(chan []byte, copyBuffers), make(chan []byte, copyBuffers), make(chan []byte, copyBuffers)
	looked := make(chan struct{})
	go func() {
		defer close(hashed)
		for b := range todo {
			c.sum.Write(b)
			hashed <- b
		}
	}()
	go func() {
		defer close(looked)
		for b := range hashed {
			c.profile.Add(b)
			free <- b[:cap(b)]
		}
	}()
	for range copyBuffers {
		free <- make([]byte, copyBytes)
	}
	// Of a large file the disk begins meanwhile, so that making the copy durable waits
	// for little; of others it would only hold the writer up. A failure is told once and
	// must not be lost.
	flush := make(chan struct{})
	go func() {
		var failed error
		for range flush {
			failed = errors.Join(failed, c.out.Sync())
		}
		c.flushed <- failed
	}()
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
				return nil
			}
			n, err := io.ReadFull(c.in, buf)
			done += int64(n)
			if _, werr := c.out.Write(buf[:n]); werr != nil {
				return werr
			}
			if done/flushBytes > (done-int64(n))/flushBytes {
				select {
				case flush <- struct{}{}:
				default: // the disk is behind
				}
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
	close(flush)
	<-looked
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
