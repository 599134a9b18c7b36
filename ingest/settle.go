package ingest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"

	"github.com/gttim/cauce/data"
	"github.com/gttim/cauce/internal/warehouse"
)

// settle ends a delivery: a file of the inbox moves to done/ or refused/ with
// its sidecar, a refused file from elsewhere is copied there, and the report of
// problems is written beside it.
func (j *Job) settle(ctx context.Context, w *work, res Result) (Result, error) {
	folder := warehouse.DoneDir
	if res.Outcome == warehouse.Refused {
		folder = warehouse.RefusedDir
	}
	dir, err := j.folder(folder, w.ds.ID)
	if err != nil {
		return res, fmt.Errorf("settle %s: %w", w.Name, err)
	}
	name, repeated, err := j.freeName(dir, loadPrefix(res.Load.ID)+safeName(w.Name))
	if err != nil {
		return res, fmt.Errorf("settle %s: %w", w.Name, err)
	}
	// The report goes first: when the file is there, so is the report.
	if err := j.writeReport(ctx, w, res, dir, name, repeated); err != nil {
		return res, fmt.Errorf("settle %s: %w", w.Name, err)
	}
	switch {
	case w.FromInbox:
		moved, err := j.move(w, dir, name)
		if err != nil {
			return res, fmt.Errorf("settle %s: %w", w.Name, err)
		}
		res.MovedTo = moved
	case res.Outcome == warehouse.Refused:
		if err := j.copyRefused(w, path.Join(dir, name)); err != nil {
			return res, fmt.Errorf("settle %s: %w", w.Name, err)
		}
	}
	if err := warehouse.SyncDir(j.Home.Path(dir)); err != nil {
		return res, err
	}
	w.log.Info("settled", "outcome", res.Outcome, "moved_to", res.MovedTo)
	return res, nil
}

// folder makes done/<dataset> or refused/<dataset> and returns it below the home.
func (j *Job) folder(parts ...string) (string, error) {
	dir := path.Join(parts...)
	if err := j.Home.Root.Mkdir(dir, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return "", err
	}
	return dir, nil
}

// freeName gives a name that is not taken in dir; repeated when it had to be
// changed. The single-writer lock keeps it free.
func (j *Job) freeName(dir, name string) (free string, repeated bool, err error) {
	free = name
	for n := 2; ; n++ {
		_, err := j.Home.Root.Lstat(path.Join(dir, free))
		if errors.Is(err, fs.ErrNotExist) {
			return free, free != name, nil
		}
		if err != nil {
			return "", false, err
		}
		free = fmt.Sprintf("%s-%d%s", name[:len(name)-len(filepath.Ext(name))], n, filepath.Ext(name))
	}
}

// move takes the file and its sidecar out of the inbox. A file that was replaced
// since it was spooled stays: it is another delivery.
func (j *Job) move(w *work, dir, name string) (string, error) {
	from, err := j.inHome(w.Path)
	if err != nil {
		return "", err
	}
	now, err := j.Home.Root.Lstat(from)
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil // moved before a crash, or taken back by its owner
	}
	if err != nil {
		return "", err
	}
	if w.file != nil && (now.Size() != w.file.size || !now.ModTime().Equal(w.file.modTime)) {
		w.log.Warn("file was replaced after it was read; it stays in the inbox")
		return "", nil
	}
	// What stands beside the file goes first: should the process die in between, it is
	// not left behind for the next file of that name, which it says nothing of.
	to := path.Join(dir, name)
	if w.sidecar != "" {
		if err := j.Home.Root.Rename(path.Join(path.Dir(from), w.sidecar), to+warehouse.SidecarSuffix); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return "", err
		}
	}
	if err := j.moveCodebook(w, path.Dir(from), to); err != nil {
		return "", err
	}
	if err := j.Home.Root.Rename(from, to); err != nil {
		return "", err
	}
	return to, warehouse.SyncDir(j.Home.Path(path.Dir(from)))
}

// moveCodebook takes the codebook along, unless another has taken its place.
func (j *Job) moveCodebook(w *work, from, to string) error {
	if w.book.name == "" {
		return nil
	}
	name := path.Join(from, w.book.name)
	now, err := j.Home.Root.Lstat(name)
	if errors.Is(err, fs.ErrNotExist) || err == nil && (now.Size() != w.book.size || !now.ModTime().Equal(w.book.modTime)) {
		return nil
	}
	if err != nil {
		return err
	}
	return j.Home.Root.Rename(name, to+warehouse.CodebookSuffix)
}

func (j *Job) inHome(name string) (string, error) {
	abs, err := filepath.Abs(name)
	if err != nil {
		return "", err
	}
	rel, err := filepath.Rel(j.Home.Dir, abs)
	return filepath.ToSlash(rel), err
}

// copyRefused puts the archived bytes of a refused file beside its report.
func (j *Job) copyRefused(w *work, to string) error {
	in, err := w.file.open()
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := j.Home.Root.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	if err == nil {
		err = out.Sync()
	}
	return errors.Join(err, out.Close())
}

// refuseLink refuses a symbolic link without following it. None of its bytes
// were taken in, so the ledger has nothing to say of it.
func (j *Job) refuseLink(w *work) (Result, error) {
	p := data.Problem{File: w.Name, Rule: data.RuleSymlink, Severity: data.Refuse, Message: "es un enlace simbólico; no se sigue",
		Expected: "el archivo mismo"}
	res := Result{Outcome: warehouse.Refused, Name: w.Name, Problems: []data.Problem{p}, ProblemCount: 1, Note: "rechazado: " + p.Rule + " " + p.Message}
	w.log.Warn("refused symbolic link")
	if !w.FromInbox {
		return res, nil
	}
	dir, err := j.folder(warehouse.RefusedDir, w.ds.ID)
	if err != nil {
		return res, fmt.Errorf("settle %s: %w", w.Name, err)
	}
	name, _, err := j.freeName(dir, "enlace-"+safeName(w.Name))
	if err != nil {
		return res, fmt.Errorf("settle %s: %w", w.Name, err)
	}
	if res.MovedTo, err = j.move(w, dir, name); err != nil {
		return res, fmt.Errorf("settle %s: %w", w.Name, err)
	}
	return res, nil
}
