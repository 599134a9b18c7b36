package ingest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/gttim/cauce/data"
	"github.com/gttim/cauce/ingest/gate"
	"github.com/gttim/cauce/ingest/gate/split"
	"github.com/gttim/cauce/internal/warehouse"
)

// Unchanged is the outcome of a replay that brings no row in.
const Unchanged = "sin_cambio"

// errNothingPasses rolls a replay back that would bring no row in.
var errNothingPasses = errors.New("no quarantined row passes")

// Replay judges the open quarantined rows of a report again, by the contract and
// catalogues of now, and brings those that pass in as a new load of the same
// report; those that still fail stay open as rows of that load, with what is wrong
// with them now. When none passes nothing is recorded: Unchanged. A report that
// another corrects is left alone, for that one holds its rows. always is said where a
// recorded replay is done again: it is a load also when no open row passes any more.
// Errors: as of Run.
func (j *Job) Replay(ctx context.Context, r warehouse.Report, always bool) (Result, error) {
	w, err := j.begin(Delivery{Name: r.Name, Dataset: r.Dataset, Shipped: r.Shipped, AllowSynthetic: true})
	if err != nil {
		return Result{}, err
	}
	defer w.close()
	w.report, w.known, w.replay, w.always = r, true, true, always
	res := Result{Outcome: Unchanged, Name: r.Name, Report: r}
	only, by, err := j.open(ctx, r.ID)
	switch {
	case err != nil:
		return res, err
	case len(only) == 0:
		res.Note = "no tiene filas abiertas en cuarentena"
		return res, nil
	case by != 0:
		res.Note = fmt.Sprintf("lo corrige el reporte %d: entregue las filas que faltan con corrige: %d", by, r.ID)
		return res, nil
	}
	if w.file, err = j.archived(r); err != nil {
		return res, err
	}
	if name, content, err := j.RecordedCodebook(r); err != nil {
		return res, err
	} else if name != "" {
		w.book = codebook{name: name, sha256: hashOf(content), content: content}
	}
	books, broken := w.codebooks(j.Decls.Reference)
	w.log = w.log.With("sha256", r.SHA256, "report", r.ID)
	w.gate, err = gate.Open(ctx, gate.Input{Dataset: w.ds, Reference: j.Decls.Reference, Name: r.Name, Profile: w.file.profile, Open: w.file.open,
		Limits: j.Limits, Day: r.PublishedOn, Assumed: r.PublishedBasis == BasisArrival, Temp: j.Home.Path(warehouse.TempDir), Only: only, Codebooks: books, Refusals: broken})
	if err != nil {
		return res, err
	}
	if w.gate.Refused() {
		return j.cannotReplay(w, res), nil
	}
	got, err := j.load(ctx, w)
	switch {
	case errors.Is(err, errNothingPasses):
		res.Note, res.Problems, res.ProblemCount = "ninguna fila pasa todavía", w.gate.Problems().First(j.Limits.Shown), w.gate.Problems().Len()
		return res, nil
	case errors.Is(err, errRefusedInside):
		return j.cannotReplay(w, res), nil
	case err != nil:
		return res, err
	}
	w.log.Info("replayed", "load", got.Load.ID, "accepted", got.Load.Accepted, "quarantined", got.Load.Quarantined)
	j.fail("after-commit")
	return got, j.prove(ctx, w)
}

// cannotReplay says why the archived file, as a whole, no longer passes.
func (j *Job) cannotReplay(w *work, res Result) Result {
	res.Outcome = warehouse.Refused
	res.Problems, res.ProblemCount = w.gate.Problems().First(j.Limits.Shown), w.gate.Problems().Len()
	why := w.gate.Refusals()[0]
	res.Note = "no se repite: " + why.Rule + " " + why.Message
	return res
}

// open lists the lines of a report's open quarantined rows, and the report that
// corrects it, 0 for none.
func (j *Job) open(ctx context.Context, report int) (lines map[int64]bool, by int, err error) {
	conn, err := j.DB.Conn(ctx)
	if err != nil {
		return nil, 0, err
	}
	defer conn.Close()
	if err := warehouse.Policies(ctx, conn, j.Decls.Datasets); err != nil {
		return nil, 0, err
	}
	rows, err := warehouse.QuarantineRows(ctx, conn, warehouse.QuarantineFilter{Report: report})
	if err != nil {
		return nil, 0, err
	}
	lines = map[int64]bool{}
	for _, r := range rows {
		lines[r.Line] = true
	}
	by, err = warehouse.CorrectedBy(ctx, conn, report)
	return lines, by, err
}

// archived is the spooled form of a report's bytes, from the archive.
func (j *Job) archived(r warehouse.Report) (*spooled, error) {
	s := &spooled{sha256: r.SHA256, size: r.Bytes, path: j.Home.Path(warehouse.ArchiveDir, r.SHA256)}
	f, err := os.Open(s.path)
	if err != nil {
		return nil, fmt.Errorf("open archived report %d: %w: %w", r.ID, err, warehouse.ErrIntegrity)
	}
	defer f.Close()
	p, sum := split.NewProfile(), sha256.New()
	buf := make([]byte, copyBytes)
	for {
		n, err := f.Read(buf)
		p.Add(buf[:n])
		sum.Write(buf[:n])
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("read archived report %d: %w", r.ID, err)
		}
	}
	if got := hex.EncodeToString(sum.Sum(nil)); got != r.SHA256 {
		return nil, fmt.Errorf("archive/%s now hashes to %s: %w", r.SHA256, got, warehouse.ErrIntegrity)
	}
	p.Finish()
	p.Bytes = r.Bytes
	s.profile = *p
	return s, nil
}

// Archived opens the gate on a report's archived bytes, to look its records up
// by the contract's columns; no record is judged. The caller closes it.
func (j *Job) Archived(ctx context.Context, ds *data.Dataset, r warehouse.Report) (*gate.Gate, error) {
	s, err := j.archived(r)
	if err != nil {
		return nil, err
	}
	return gate.Open(ctx, gate.Input{Dataset: ds, Reference: j.Decls.Reference, Name: r.Name, Profile: s.profile, Open: s.open,
		Limits: j.Limits.OrDefault(), Day: r.PublishedOn, Temp: j.Home.Path(warehouse.TempDir)})
}
