package ingest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/gttim/cauce/data"
	"github.com/gttim/cauce/ingest/gate"
	"github.com/gttim/cauce/ingest/handover"
	"github.com/gttim/cauce/internal/warehouse"
)

// Outcomes of a delivery that is not a load of its own.
const AlreadyLoaded = "ya_cargado"

// ErrRefused marks a refused file where a command needs an error; Run itself
// gives a refusal as a Result.
var ErrRefused = errors.New("refused")

// Delivery is one file to load. Path is where it is; Name what it is called in
// messages and the ledger (default: the path's last part). Published and Source
// are used where the file and its sidecar do not say. Again loads known bytes as
// a new report; Corrects names the report it corrects, 0 for none. Alone judges
// the file by itself: a report that it corrects need not be there. Recorded is the
// journal's act that is done again: what it says of arrival, publication, source
// and correction stands, nothing beside the file is read, and it is loaded whether
// or not the same bytes were. Ahead is its copy, where one was made before its turn.
type Delivery struct {
	Path, Name, Dataset, Published, Source    string
	Again, AllowSynthetic, Shipped, FromInbox bool
	Alone                                     bool
	Corrects                                  int
	Recorded                                  *Act
	Ahead                                     *Ahead
}

// Result is what became of a delivery. Outcome is aceptado, parcial, rechazado or
// ya_cargado. Problems are the first of ProblemCount. A refused symbolic link has
// neither report nor load: none of its bytes were taken in.
type Result struct {
	Outcome      string
	Name         string // as delivered this time
	Report       warehouse.Report
	Load         warehouse.Load
	Problems     []data.Problem
	ProblemCount int
	Note         string // Spanish, one line
	MovedTo      string // where the delivered file is now, below the home; "" when it stayed
}

// Limits bound what one delivered file may make the process do.
type Limits = gate.Limits

// DefaultLimits are the documented limits.
func DefaultLimits() Limits { return gate.DefaultLimits() }

// Job holds what every load needs. Check, Clean and Compare run inside the load's
// transaction; Failpoint and Progress may be nil.
type Job struct {
	DB        *warehouse.DB
	Home      *warehouse.Home
	Decls     *data.Declarations
	Now       func() time.Time
	Log       *slog.Logger
	Version   string
	Failpoint func(name string)
	Progress  func(stage string, done, total int64)
	Limits    Limits
	// Proved is called where a load is in the warehouse and its problems are still to be
	// written out: what comes after a load need not wait for that. written is called when
	// they are. It may be nil.
	Proved func() (written func())
	// MoreProcessors lets so many more threads run Go until back is called; nil for no more.
	MoreProcessors func(n int) (back func())
	// Check returns the broken cross-row rules of the load: fila quarantines the
	// line, archivo refuses the file, aviso is noted.
	Check func(ctx context.Context, rows *warehouse.Rows) ([]data.Problem, error)
	// Compare returns the broken rules that need the load's clean rows or what was in
	// force before it; the load's ledger row is not written yet.
	Compare func(ctx context.Context, rows *warehouse.Rows, l warehouse.Load) ([]data.Problem, error)
	// Clean fills the dataset's clean table and returns the periods covered.
	Clean func(ctx context.Context, rows *warehouse.Rows) (first, last time.Time, err error)
}

// work is one delivery on its way through the steps.
type work struct {
	Delivery
	ds      *data.Dataset
	log     *slog.Logger
	started time.Time
	file    *spooled
	sidecar string // name of the sidecar, "" for none
	book    codebook
	report  warehouse.Report
	known   bool // the report is in the ledger already
	fresh   bool // the ledger has no report of these bytes
	replay  bool // of quarantined rows
	always  bool // a replay is recorded also when no row passes
	load    warehouse.Load
	gate    *gate.Gate
	rows    *handover.Source // what the gate lets pass
	synced  func()           // waits for the disk to have them; nil where it was not asked
	texts   *handover.Texts  // what the numbers of their keys stand for, nil where no key is one
	offered []string         // the names under which the database reads both
	conn    *sql.Conn        // that loads; what it committed is read back on another
}

// Run takes one delivery through the load protocol, steps 1 to 6; step 7 is the
// pipeline's. A refusal is a Result, not an error. Errors: data.ErrDeclaration,
// ErrNotRegular, ErrBeingWritten, warehouse.ErrIntegrity, or operational; after
// an error nothing of the delivery is in the warehouse and the file is where it
// was.
func (j *Job) Run(ctx context.Context, d Delivery) (Result, error) {
	w, err := j.begin(d)
	if err != nil {
		return Result{}, err
	}
	defer w.close()

	// 1 Spool: the bytes judged are the archived ones, durable before step 4 commits.
	w.file, err = j.copied(ctx, w.Delivery)
	if errors.Is(err, errSymlink) {
		return j.refuseLink(w)
	}
	if err != nil {
		return Result{}, err
	}
	w.log = w.log.With("sha256", w.file.sha256)
	w.log.Info("spooled", "bytes", w.file.size)
	if err := j.spoolCodebook(w); err != nil {
		return Result{}, err
	}
	j.fail("after-spool")

	// 2 Seen: the same bytes under the same contract are loaded once.
	seen, done, err := j.seen(ctx, w)
	if err != nil {
		return Result{}, err
	}
	if done {
		if err := w.file.durable(); err != nil {
			return Result{}, err
		}
		w.log.Info("already loaded", "report", seen.Load.ReportID, "load", seen.Load.ID)
		return j.settle(ctx, w, seen)
	}

	// 3 Gate: every record is judged; its rows stream into step 4's transaction.
	if err := j.openGate(ctx, w); err != nil {
		return Result{}, err
	}
	w.log.Info("gate opened", "encoding", w.gate.Encoding(), "refused", w.gate.Refused())

	// 4 Load: one transaction holds everything of the load, or nothing is kept.
	res, err := j.load(ctx, w)
	if err != nil {
		return Result{}, err
	}
	w.log.Info("committed", "outcome", res.Outcome, "report", res.Report.ID, "load", res.Load.ID, "records", res.Load.Records,
		"accepted", res.Load.Accepted, "quarantined", res.Load.Quarantined, "skipped", res.Load.Skipped)
	j.fail("after-commit")

	// 5 Prove: a commit is believed when another connection reads it back.
	if err := j.prove(ctx, w); err != nil {
		return Result{}, err
	}
	w.log.Info("proved", "load", res.Load.ID)
	j.fail("before-move")
	if j.Proved != nil && res.Outcome != warehouse.Refused && res.ProblemCount > 0 {
		defer j.Proved()()
	}

	// 6 Settle: the file leaves the inbox, with a report of its problems.
	return j.settle(ctx, w, res)
}

// begin checks what is asked for and fills the defaults.
func (j *Job) begin(d Delivery) (*work, error) {
	ds := j.Decls.Dataset(d.Dataset)
	if ds == nil {
		return nil, fmt.Errorf("dataset %q is not declared: %w", d.Dataset, data.ErrDeclaration)
	}
	if d.Name == "" {
		d.Name = filepath.Base(d.Path)
	}
	j.Limits = j.Limits.OrDefault()
	return &work{Delivery: d, ds: ds, started: j.Now().UTC().Truncate(time.Microsecond),
		log: j.Log.With("dataset", ds.ID, "file", data.Printable(d.Name))}, nil
}

func (w *work) close() {
	if w.conn != nil {
		if err := w.conn.Close(); err != nil {
			w.log.Warn("close connection", "error", err)
		}
	}
	if w.gate != nil {
		if err := w.gate.Close(); err != nil {
			w.log.Warn("close gate", "error", err)
		}
	}
	if w.file != nil {
		// Whatever became of it: the caller may remove the home.
		if err := w.file.durable(); err != nil {
			w.log.Warn("archive file", "error", err)
		}
	}
}

func (j *Job) fail(name string) {
	if j.Failpoint != nil {
		j.Failpoint(name)
	}
}

// seen looks the bytes up in the ledger; done means there is nothing to load.
func (j *Job) seen(ctx context.Context, w *work) (res Result, done bool, err error) {
	if w.Again || w.Recorded != nil || w.file.size > j.Limits.FileBytes {
		return res, false, nil
	}
	known, err := j.DB.Knows(ctx, w.ds.ID, w.file.sha256)
	if w.fresh = err == nil && !known; err != nil || !known {
		return res, false, err
	}
	l, ok, err := j.DB.Seen(ctx, w.ds.ID, w.file.sha256, w.contractHash())
	if err != nil || !ok {
		return res, false, err
	}
	refused := l.Outcome == warehouse.Refused
	if refused {
		// Refused again each time it comes, but for a refusal that a run recorded and
		// did not live to settle: that one is taken up where it was left.
		if left, err := j.unsettled(w.ds.ID, l.ID); err != nil || !left || w.AllowSynthetic {
			return res, false, err
		}
	}
	r, ok, err := j.DB.ReportByID(ctx, l.ReportID)
	if err != nil {
		return res, false, err
	}
	if !ok {
		return res, false, fmt.Errorf("load %d has no report %d: %w", l.ID, l.ReportID, warehouse.ErrIntegrity)
	}
	// A run that died between commit and proof left its act unconfirmed.
	if err := j.confirm(w, r, l); err != nil {
		return res, false, err
	}
	if w.sidecar, _, err = j.readSidecar(w.Delivery); err != nil && !errors.Is(err, data.ErrDeclaration) {
		return res, false, err
	}
	if refused {
		problems, err := j.DB.LoadProblems(ctx, l.ID)
		return Result{Outcome: warehouse.Refused, Name: w.Name, Report: r, Load: l, ProblemCount: len(problems),
			Problems: problems[:min(len(problems), j.Limits.Shown)]}, true, err
	}
	return Result{Outcome: AlreadyLoaded, Name: w.Name, Report: r, Load: l,
		Note: fmt.Sprintf("ya estaba cargado como reporte %d el %s", r.ID, l.FinishedAt.In(mexicoCity).Format("2006-01-02 15:04"))}, true, nil
}

// unsettled tells whether a refused load's file was never put into refused/.
func (j *Job) unsettled(dataset string, load int) (bool, error) {
	entries, err := fs.ReadDir(j.Home.Root.FS(), path.Join(warehouse.RefusedDir, dataset))
	if errors.Is(err, fs.ErrNotExist) {
		return true, nil
	}
	if err != nil {
		return false, fmt.Errorf("look for refused file: %w", err)
	}
	return !slices.ContainsFunc(entries, func(e fs.DirEntry) bool {
		name := e.Name()
		return strings.HasPrefix(name, loadPrefix(load)) && !strings.Contains(name, reportStem)
	}), nil
}

// loadPrefix begins the names that a load's file gets in done/ and refused/.
func loadPrefix(load int) string { return fmt.Sprintf("%06d-", load) }

// openGate reads what stands beside the file and opens the gate.
func (j *Job) openGate(ctx context.Context, w *work) error {
	w.report = warehouse.Report{Dataset: w.ds.ID, SHA256: w.file.sha256, Name: w.Name, Bytes: w.file.size,
		ArrivedAt: w.started, Shipped: w.Shipped}
	var refusals []data.Problem
	var name string
	var side sidecar
	var err error
	if w.Recorded == nil {
		name, side, err = j.readSidecar(w.Delivery)
	}
	switch {
	case errors.Is(err, data.ErrDeclaration):
		refusals = append(refusals, data.Problem{Rule: data.RuleSidecar, Value: data.Printable(name),
			Message: "el archivo acompañante no se puede leer: " + data.Printable(err.Error())})
		side = sidecar{}
	case err != nil:
		return err
	}
	w.sidecar = name
	if err := metadata(&w.report, w.Delivery, side); err != nil {
		return err
	}
	if err := j.knownDate(ctx, w); err != nil {
		return err
	}
	if w.Recorded != nil {
		if err := w.Recorded.restore(&w.report); err != nil {
			return err
		}
		if w.Recorded.Reason != "" && strings.HasPrefix(w.Recorded.Reason, data.RuleSidecar+" ") {
			refusals = append(refusals, data.Problem{Rule: data.RuleSidecar, Message: strings.TrimPrefix(w.Recorded.Reason, data.RuleSidecar+" ")})
		}
	}
	if w.Alone {
		w.report.Corrects = 0
	}
	if w.report.Corrects != 0 {
		r, ok, err := j.DB.ReportByID(ctx, w.report.Corrects)
		if err != nil {
			return err
		}
		if !ok || r.Dataset != w.ds.ID {
			refusals = append(refusals, data.Problem{Rule: data.RuleCorrects,
				Message: fmt.Sprintf("dice corregir el reporte %d, que no existe en este conjunto", w.report.Corrects)})
		}
	}
	books, broken := w.codebooks(j.Decls.Reference)
	refusals = append(refusals, broken...)
	var progress func(int64)
	if j.Progress != nil {
		progress = func(done int64) { j.Progress("revisar", done, w.file.size) }
	}
	w.gate, err = gate.Open(ctx, gate.Input{Dataset: w.ds, Reference: j.Decls.Reference, Name: w.Name, Profile: w.file.profile,
		Open: w.file.open, Limits: j.Limits, Day: w.report.PublishedOn, Assumed: w.report.PublishedBasis == BasisArrival, Temp: j.Home.Path(warehouse.TempDir),
		Progress: progress, Refusals: refusals, Partial: w.report.Corrects != 0, Codebooks: books})
	if err != nil || w.gate.Refused() {
		return err
	}
	changed, err := j.changedCodes(ctx, w, books)
	if err != nil {
		return err
	}
	return w.gate.Note(changed...)
}

// prove reads the load back and confirms its act in the journal.
func (j *Job) prove(ctx context.Context, w *work) error {
	if err := j.DB.Prove(ctx, w.ds, w.load); err != nil {
		return err
	}
	return j.confirm(w, w.report, w.load)
}

// confirm marks the load's act in the journal as committed.
func (j *Job) confirm(w *work, r warehouse.Report, l warehouse.Load) error {
	journal, err := ReadJournal(j.Home, w.file.sha256)
	if err != nil {
		return err
	}
	for _, a := range journal.Acts {
		if a.Sequence == l.ID && a.Committed {
			return nil
		}
	}
	a := w.act(r, l, true)
	return Record(j.Home, w.file.sha256, w.file.size, a)
}
