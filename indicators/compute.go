package indicators

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log/slog"
	"time"

	"github.com/gttim/cauce/data"
	"github.com/gttim/cauce/internal/warehouse"
)

// Engine computes the declared indicators and keeps their values on both clocks.
type Engine struct {
	DB      *warehouse.DB
	Decls   *data.Declarations
	Catalog []*Indicator
	Log     *slog.Logger
}

// progress is how far an indicator has been computed.
type progress struct {
	hash string
	load int
	day  time.Time
}

// Update brings every indicator up to the newest load, one load after the
// other, so that each load is a point on the clock of loading. day is today's
// calendar day in America/Mexico_City: indicators that hang on deadlines are
// computed again when it changes. Running it twice changes nothing.
func (e *Engine) Update(ctx context.Context, day time.Time) error {
	conn, err := e.DB.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	prepared := false
	for _, ind := range e.Catalog {
		todo, err := e.pending(ctx, conn, ind, day)
		if err != nil {
			return err
		}
		if todo == nil {
			continue
		}
		if !prepared {
			ev := &evaluator{conn: conn, today: day}
			if err := ev.at(ctx, day, 0); err != nil {
				return err
			}
			if err := prepare(ctx, conn, e.Catalog); err != nil {
				return err
			}
			prepared = true
		}
		start := time.Now()
		if err := e.compute(ctx, conn, ind, todo, day); err != nil {
			return err
		}
		e.Log.Info("indicator computed", "indicator", ind.ID, "loads", len(todo.loads), "from_scratch", todo.anew, "seconds", time.Since(start).Seconds())
	}
	return nil
}

// work is what has to be computed for one indicator.
type work struct {
	hash  string
	anew  bool
	loads []int // in order; the last may be one already computed, when only the day changed
}

func (e *Engine) pending(ctx context.Context, conn warehouse.Execer, ind *Indicator, day time.Time) (*work, error) {
	w := &work{hash: e.inputHash(ind)}
	var have progress
	err := conn.QueryRowContext(ctx, mustSQL("progress.sql"), ind.ID).Scan(&have.hash, &have.load, &have.day)
	if err != nil && err != sql.ErrNoRows {
		return nil, fmt.Errorf("indicator %s: %w", ind.ID, err)
	}
	if have.hash != w.hash {
		w.anew, have.load = true, 0
	}
	w.loads, err = e.loadsAfter(ctx, conn, AllDatasets(e.Catalog, ind), have.load)
	if err != nil {
		return nil, fmt.Errorf("indicator %s: %w", ind.ID, err)
	}
	newDay := ind.Calendar && !have.day.Equal(day)
	if len(w.loads) == 0 && (newDay || w.anew) {
		w.loads = []int{have.load}
	}
	if len(w.loads) == 0 {
		return nil, nil
	}
	return w, nil
}

// inputHash is the hash of all declarations that the indicator's values hang on.
func (e *Engine) inputHash(ind *Indicator) string {
	sum := sha256.New()
	byID := map[string]*Indicator{}
	for _, i := range e.Catalog {
		byID[i.ID] = i
	}
	var walk func(i *Indicator)
	walk = func(i *Indicator) {
		fmt.Fprintln(sum, i.ID, i.Hash)
		for _, u := range i.Uses {
			walk(byID[u])
		}
	}
	walk(ind)
	for _, name := range append([]string{"macros"}, marts...) {
		fmt.Fprintln(sum, mart(name))
	}
	for _, id := range AllDatasets(e.Catalog, ind) {
		ds := e.Decls.Dataset(id)
		fmt.Fprintln(sum, id, ds.Hash, ds.Coverage)
	}
	for _, id := range referenceIDs(e.Decls) {
		fmt.Fprintln(sum, e.Decls.Reference[id].ReferenceText())
	}
	return hex.EncodeToString(sum.Sum(nil))
}

func (e *Engine) loadsAfter(ctx context.Context, conn warehouse.Execer, datasets []string, after int) ([]int, error) {
	list, err := json.Marshal(datasets)
	if err != nil {
		return nil, err
	}
	rows, err := conn.QueryContext(ctx, mustSQL("loads_after.sql"), after, string(list))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []int
	for rows.Next() {
		var id int
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		out = append(out, id)
	}
	return out, rows.Err()
}

// compute evaluates one indicator at each load and each publication date from
// which the load can change it, and stores what changed, in one transaction.
func (e *Engine) compute(ctx context.Context, conn *sql.Conn, ind *Indicator, w *work, day time.Time) error {
	tx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("indicator %s: %w", ind.ID, err)
	}
	defer tx.Rollback()
	s := &store{tx: tx, ind: ind}
	if w.anew {
		if err := s.clear(ctx); err != nil {
			return err
		}
	}
	for _, load := range w.loads {
		if err := e.computeAt(ctx, tx, s, load, day); err != nil {
			return err
		}
	}
	if err := s.progress(ctx, w.hash, w.loads[len(w.loads)-1], day); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("indicator %s: %w", ind.ID, err)
	}
	return nil
}

func (e *Engine) computeAt(ctx context.Context, tx warehouse.Execer, s *store, load int, day time.Time) error {
	from, all, err := e.breakpoints(ctx, tx, s.ind, load, day)
	if err != nil {
		return err
	}
	ev := &evaluator{conn: tx, reference: e.Decls.Reference, today: day}
	var values, details []state
	for _, d := range days(all, from) {
		if err := ev.at(ctx, d, load); err != nil {
			return err
		}
		vs, err := ev.values(ctx, s.ind)
		if err != nil {
			return err
		}
		lines := make([]string, len(vs))
		for i, v := range vs {
			b, err := json.Marshal(v)
			if err != nil {
				return fmt.Errorf("indicator %s: %w", s.ind.ID, err)
			}
			lines[i] = string(b)
		}
		values = append(values, state{d, lines})
		rows, err := ev.details(ctx, s.ind)
		if err != nil {
			return err
		}
		details = append(details, state{d, rows})
	}
	if err := s.write(ctx, valueTable, values, load); err != nil {
		return err
	}
	return s.write(ctx, detailTable, details, load)
}

// breakpoints lists the days of as_of on which the indicator can change, as
// known at load: publication dates of its datasets and, where it hangs on the
// calendar, deadlines that have passed. from is the first day that this load can
// have changed; zero means all.
func (e *Engine) breakpoints(ctx context.Context, tx warehouse.Execer, ind *Indicator, load int, day time.Time) (from time.Time, all []time.Time, err error) {
	if err := warehouse.At(ctx, tx, forever, load); err != nil {
		return from, nil, err
	}
	first := time.Time{}
	for _, id := range AllDatasets(e.Catalog, ind) {
		table := e.Decls.Dataset(id).Table()
		q, err := renderFile("publication_days.sql.tmpl", struct{ Table string }{table})
		if err != nil {
			return from, nil, err
		}
		rows, err := tx.QueryContext(ctx, q, load)
		if err != nil {
			return from, nil, fmt.Errorf("indicator %s: %w", ind.ID, err)
		}
		for rows.Next() {
			var d time.Time
			var mine bool
			if err := rows.Scan(&d, &mine); err != nil {
				rows.Close()
				return from, nil, fmt.Errorf("indicator %s: %w", ind.ID, err)
			}
			all = append(all, d)
			if mine && (first.IsZero() || d.Before(first)) {
				first = d
			}
		}
		if err := rows.Close(); err != nil {
			return from, nil, fmt.Errorf("indicator %s: %w", ind.ID, err)
		}
	}
	if ind.Calendar {
		for _, d := range Deadlines(e.Decls, day) {
			if passed := d.AddDate(0, 0, 1); !passed.After(day) {
				all = append(all, passed)
			}
		}
		return time.Time{}, append(all, firstDay), nil
	}
	return first, all, nil
}

// forever is later than every publication date.
var forever = time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC)
