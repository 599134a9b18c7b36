package ingest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/gttim/cauce/data"
	"github.com/gttim/cauce/ingest/gate"
	"github.com/gttim/cauce/ingest/gate/spill"
	"github.com/gttim/cauce/internal/warehouse"
)

// load puts the file into the warehouse in one transaction, or records its
// refusal in a small one. After an error the transaction is rolled back and not
// used again.
func (j *Job) load(ctx context.Context, w *work) (Result, error) {
	conn, err := j.DB.Conn(ctx)
	if err != nil {
		return Result{}, err
	}
	w.conn = conn
	reportID, loadID, err := warehouse.NextIDs(ctx, conn)
	if err != nil {
		return Result{}, err
	}
	w.load = warehouse.Load{ID: loadID, Dataset: w.ds.ID, ContractHash: w.contractHash(), BinaryVersion: j.Version,
		StartedAt: w.started, Encoding: w.gate.Encoding()}
	if !w.replay {
		w.report.ID = reportID
	}
	if !w.gate.Refused() {
		if err := j.take(ctx, conn, w); err == nil {
			return j.result(w), nil
		} else if w.replay || !errors.Is(err, errRefusedInside) {
			return Result{}, err
		}
	} else if err := w.gate.Finish(ctx); err != nil {
		return Result{}, err
	} else {
		j.fail("after-gate")
	}
	err = warehouse.InTx(ctx, conn, func() error { return j.refuse(ctx, conn, w) })
	if err != nil {
		return Result{}, err
	}
	return j.result(w), nil
}

// errRefusedInside rolls the load's transaction back; the refusal follows in a
// transaction of its own.
var errRefusedInside = errors.New("refused inside the transaction")

// manyRows is how many rows are worth a second thread: two of the database's own
// groups of rows.
const manyRows = 2 * 122_880

// accept writes everything of a load that is not refused.
func (j *Job) accept(ctx context.Context, conn *sql.Conn, w *work) error {
	g := w.gate
	if err := j.stream(ctx, conn, w); err != nil {
		return err
	}
	if err := g.Finish(ctx); err != nil {
		return err
	}
	j.fail("after-gate")
	if err := j.checkSynthetic(ctx, w); err != nil {
		return err
	}
	if g.Refused() {
		return errRefusedInside
	}
	if w.replay && !w.always && g.Totals().Accepted == 0 {
		return errNothingPasses
	}
	if !w.replay {
		fromColumns(&w.report, g.Totals().Newest)
	}
	if err := w.file.durable(); err != nil {
		return err
	}
	if err := j.identify(ctx, w); err != nil {
		return err
	}
	if !w.known {
		if err := warehouse.InsertReport(ctx, conn, w.report); err != nil {
			return err
		}
	}
	if err := storeDictionaries(ctx, conn, w.load.ID, g.Dictionaries()); err != nil {
		return err
	}
	if err := j.storeKeys(ctx, conn, w); err != nil {
		return err
	}
	if err := storeSuppressed(ctx, conn, w.ds, w.load.ID, g.Problems()); err != nil {
		return err
	}
	if err := j.quarantine(ctx, conn, w, g.Quarantine()); err != nil {
		return err
	}
	rows, err := warehouse.Loading(ctx, conn, w.ds, w.report, w.load.ID)
	if err != nil {
		return err
	}
	if w.load.RawRows >= manyRows {
		rows.Many(g.Totals().Physical / 2)
	}
	if err := j.rules(ctx, conn, w, rows); err != nil {
		return err
	}
	if w.replay && !w.always && g.Totals().Accepted == 0 {
		return errNothingPasses // a cross-row rule set aside what the gate let pass
	}
	if err := j.corrected(ctx, conn, w); err != nil {
		return err
	}
	w.load.Outcome = warehouse.Accepted
	if g.Totals().Quarantined > 0 {
		w.load.Outcome = warehouse.Partial
	}
	return j.close(ctx, conn, w)
}

func execute(ctx context.Context, conn *sql.Conn, name string, values any) (int64, error) {
	text, err := sqlFiles.ReadFile("sql/" + name)
	if err != nil {
		return 0, err
	}
	q, err := warehouse.Render(name, string(text), values)
	if err != nil {
		return 0, err
	}
	r, err := conn.ExecContext(ctx, q)
	if err != nil {
		return 0, err
	}
	return r.RowsAffected()
}

// checkSynthetic keeps generated rows out of a home that holds real reports.
func (j *Job) checkSynthetic(ctx context.Context, w *work) error {
	n := w.gate.Totals().Synthetic
	w.report.Synthetic = n > 0
	if n == 0 || w.AllowSynthetic || w.gate.Refused() {
		return nil
	}
	others, err := j.DB.HasRealReports(ctx)
	if err != nil || !others {
		return err
	}
	return w.gate.Refuse(data.Problem{Rule: data.RuleSynthetic,
		Message: fmt.Sprintf("%d filas son simuladas y aquí hay reportes reales", n), Hint: "--allow-synthetic las admite"})
}

// identify decides whether the bytes are a report that the ledger knows. They
// are a new one when asked for (Again), or when this delivery says otherwise of
// their publication than the known one.
func (j *Job) identify(ctx context.Context, w *work) error {
	w.load.Kind, w.load.ReportID = warehouse.KindFirst, w.report.ID
	if w.replay {
		w.load.Kind = warehouse.KindReplay
		return nil
	}
	if r := w.Recorded; r != nil {
		if r.LoadKind != warehouse.KindReload {
			return nil
		}
		old, ok, err := j.DB.ReportByID(ctx, r.ReportID)
		if err == nil && ok {
			w.known, w.report = true, old
			w.load.Kind, w.load.ReportID = warehouse.KindReload, old.ID
		}
		return err
	}
	if w.Again || w.fresh {
		return nil
	}
	old, ok, err := j.DB.FindReport(ctx, w.ds.ID, w.file.sha256)
	if err != nil || !ok || !sameReport(old, w.report) {
		return err
	}
	w.known, w.report = true, old
	w.load.Kind, w.load.ReportID = warehouse.KindReload, old.ID
	return nil
}

// knownDate gives a delivery that says no date that of the report of the same bytes, so
// that it is judged by what it will be dated. A report that was only ever refused, maybe
// for its date, dates nothing.
func (j *Job) knownDate(ctx context.Context, w *work) error {
	if w.Recorded != nil || w.Again || w.fresh || w.report.PublishedBasis != BasisArrival {
		return nil
	}
	old, ok, err := j.DB.FindReport(ctx, w.ds.ID, w.file.sha256)
	if err != nil || !ok {
		return err
	}
	if took, err := j.DB.TookIn(ctx, old.ID); err != nil || !took {
		return err
	}
	w.report.PublishedOn, w.report.PublishedPrecision, w.report.PublishedBasis = old.PublishedOn, old.PublishedPrecision, old.PublishedBasis
	return nil
}

func sameReport(old, now warehouse.Report) bool {
	published := old.PublishedOn.Equal(now.PublishedOn) && old.PublishedPrecision == now.PublishedPrecision
	source := now.SourceBasis == BasisInbox || old.Source == now.Source
	return published && source && old.Corrects == now.Corrects && old.Synthetic == now.Synthetic && old.Shipped == now.Shipped
}

// quarantine stores records set aside and takes those out of raw that were
// loaded before it was known.
func (j *Job) quarantine(ctx context.Context, conn *sql.Conn, w *work, list *spill.List[gate.Held]) error {
	if list.Len() == 0 {
		return nil
	}
	if err := storeQuarantine(ctx, conn, w.load.ID, list); err != nil {
		return err
	}
	if w.load.RawRows == w.gate.Totals().Rows {
		return nil
	}
	n, err := execute(ctx, conn, "delete_quarantined.sql.tmpl", struct {
		Table string
		Load  int
	}{w.ds.Table(), w.load.ID})
	if err != nil {
		return fmt.Errorf("take quarantined rows out: %w", err)
	}
	w.load.RawRows -= n
	if w.load.RawRows != w.gate.Totals().Rows {
		return fmt.Errorf("load %d: %d raw rows are left, the gate counts %d: %w", w.load.ID, w.load.RawRows, w.gate.Totals().Rows, warehouse.ErrIntegrity)
	}
	return nil
}

// rules runs the dataset's cross-row rules, first those of the delivered rows, then
// those that compare the clean rows with what was in force before.
func (j *Job) rules(ctx context.Context, conn *sql.Conn, w *work, rows *warehouse.Rows) error {
	if j.Check != nil {
		problems, err := j.Check(ctx, rows)
		if err != nil {
			return err
		}
		fewer, err := j.broken(ctx, conn, w, problems)
		if err != nil {
			return err
		}
		if fewer {
			rows.Changed()
		}
	}
	if err := j.clean(ctx, w, rows); err != nil || j.Compare == nil {
		return err
	}
	problems, err := j.Compare(ctx, rows, w.load)
	if err != nil {
		return err
	}
	fewer, err := j.broken(ctx, conn, w, problems)
	if err != nil || !fewer {
		return err
	}
	rows.Changed()
	return j.clean(ctx, w, rows)
}

func (j *Job) clean(ctx context.Context, w *work, rows *warehouse.Rows) (err error) {
	if j.Clean != nil {
		w.load.FirstPeriod, w.load.LastPeriod, err = j.Clean(ctx, rows)
	}
	return err
}

// broken does what the severity of broken cross-row rules says; fewer tells that
// rows were put in quarantine.
func (j *Job) broken(ctx context.Context, conn *sql.Conn, w *work, problems []data.Problem) (fewer bool, err error) {
	var lines []int64
	for i := range problems {
		problems[i].File = w.Name
		if problems[i].Severity == data.Quarantine && problems[i].Line > 0 {
			lines = append(lines, int64(problems[i].Line))
		}
	}
	if err := w.gate.Note(problems...); err != nil {
		return false, err
	}
	slices.Sort(lines)
	if lines = slices.Compact(lines); len(lines) > 0 {
		more, err := w.gate.Withdraw(ctx, lines)
		if err != nil {
			return false, err
		}
		defer more.Close()
		if err := j.quarantine(ctx, conn, w, more); err != nil {
			return false, err
		}
		if err := w.gate.Threshold(); err != nil {
			return false, err
		}
	}
	if w.gate.Refused() {
		return false, errRefusedInside
	}
	return len(lines) > 0, nil
}

// refuse records a refusal: report, load and all problems, nothing of the rows.
func (j *Job) refuse(ctx context.Context, conn *sql.Conn, w *work) error {
	w.load.FirstPeriod, w.load.LastPeriod = time.Time{}, time.Time{}
	w.load.Outcome = warehouse.Refused
	why := w.gate.Refusals()[0]
	w.load.Reason = why.Rule + " " + why.Message
	if err := w.file.durable(); err != nil {
		return err
	}
	if err := j.identify(ctx, w); err != nil {
		return err
	}
	if !w.known {
		if err := warehouse.InsertReport(ctx, conn, w.report); err != nil {
			return err
		}
	}
	return j.close(ctx, conn, w)
}

// close writes the problems and the load's own row, and journals the act ahead
// of the commit.
func (j *Job) close(ctx context.Context, conn *sql.Conn, w *work) error {
	err := storeProblems(ctx, conn, w.load.ID, w.gate.Problems())
	if err != nil {
		return err
	}
	count(&w.load, w.gate.Totals())
	w.load.FinishedAt = j.Now().UTC().Truncate(time.Microsecond)
	if !w.known && w.report.Corrects == 0 {
		err = warehouse.InsertFirstLoad(ctx, conn, w.report, w.load)
	} else {
		err = warehouse.InsertLoad(ctx, conn, w.load)
	}
	if err != nil {
		return err
	}
	if err := Record(j.Home, w.file.sha256, w.file.size, w.act(w.report, w.load, false)); err != nil {
		return err
	}
	j.fail("before-commit")
	return nil
}

// count fills the load's own row from the gate's account. Of a refused file no
// row is kept.
func count(l *warehouse.Load, t gate.Tally) {
	l.PhysicalLines, l.HeaderLines, l.BlankLines, l.SkippedLines, l.RecordLines = t.Physical, t.Header, t.Blank, t.SkippedLines, t.RecordLines
	l.Records, l.Accepted, l.Quarantined, l.Skipped, l.RawRows = t.Records, t.Accepted, t.Quarantined, t.Skipped, t.Rows
	if l.Outcome == warehouse.Refused {
		l.RawRows = 0
	}
}

func (j *Job) result(w *work) Result {
	list := w.gate.Problems()
	return Result{Outcome: w.load.Outcome, Name: w.Name, Report: w.report, Load: w.load, ProblemCount: list.Len(),
		Problems: list.First(j.Limits.Shown), Note: w.note()}
}

// note says what the counts do not.
func (w *work) note() string {
	switch {
	case w.load.Outcome == warehouse.Refused:
		return "rechazado: " + w.load.Reason
	case w.load.Kind == warehouse.KindReload:
		return "recargado bajo otro contrato"
	}
	return ""
}
