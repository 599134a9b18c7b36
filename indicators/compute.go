package indicators

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
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
	todo := map[string]*work{}
	for _, ind := range e.Catalog {
		w, err := e.pending(ctx, conn, ind, day)
		if err != nil {
			return err
		}
		if w != nil {
			todo[ind.ID] = w
		}
	}
	if len(todo) == 0 {
		return nil
	}
	start := time.Now()
	if err := e.compute(ctx, conn, todo, day); err != nil {
		return err
	}
	e.Log.Info("indicators computed", "indicators", len(todo), "seconds", time.Since(start).Seconds())
	return nil
}

// work is what has to be computed for one indicator.
type work struct {
	hash  string
	anew  bool
	loads []int     // in order; one already computed, when only the day changed
	since time.Time // the day up to which deadlines have been judged; zero: none
}

func (e *Engine) pending(ctx context.Context, conn warehouse.Execer, ind *Indicator, day time.Time) (*work, error) {
	w := &work{hash: e.inputHash(ind)}
	var have progress
	err := conn.QueryRowContext(ctx, mustSQL("progress.sql"), ind.ID).Scan(&have.hash, &have.load, &have.day)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return nil, fmt.Errorf("indicator %s: %w", ind.ID, err)
	}
	if have.hash != w.hash {
		w.anew, have = true, progress{}
	}
	w.since = have.day
	w.loads, err = e.loadsAfter(ctx, conn, AllDatasets(e.Catalog, ind), have.load)
	if err != nil {
		return nil, fmt.Errorf("indicator %s: %w", ind.ID, err)
	}
	newDay := ind.Calendar != NoCalendar && !have.day.Equal(day)
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
			if byID[u] != nil {
				walk(byID[u])
			}
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

// compute evaluates what is to do, load by load, and stores what changed. Each
// load is a transaction of its own: it is a whole point on the clock of loading,
// and what was made for its states is given back with it.
func (e *Engine) compute(ctx context.Context, conn *sql.Conn, todo map[string]*work, day time.Time) error {
	ev := &evaluator{conn: conn, catalog: e.Catalog, reference: e.Decls.Reference, today: day}
	if err := ev.prepare(ctx); err != nil {
		return err
	}
	var loads []int
	for _, w := range todo {
		loads = append(loads, w.loads...)
	}
	slices.Sort(loads)
	for _, load := range slices.Compact(loads) {
		tx, err := conn.BeginTx(ctx, nil)
		if err != nil {
			return fmt.Errorf("compute indicators: %w", err)
		}
		ev.conn = tx
		if err := e.computeLoad(ctx, ev, todo, load, day); err != nil {
			return errors.Join(err, tx.Rollback())
		}
		if err := tx.Commit(); err != nil {
			return fmt.Errorf("compute indicators: %w", err)
		}
	}
	return nil
}

// computed are the states of one indicator at one load.
type computed struct {
	days            []time.Time
	values, details []state
}

// computeLoad evaluates, at one load, each indicator that it concerns on each
// day of as_of from which the load can change it. States are visited day by day,
// so that what several indicators read is made once.
func (e *Engine) computeLoad(ctx context.Context, ev *evaluator, todo map[string]*work, load int, day time.Time) error {
	active := map[string]*computed{}
	var all []time.Time
	for _, ind := range e.Catalog {
		w := todo[ind.ID]
		if w == nil || !slices.Contains(w.loads, load) {
			continue
		}
		if w.anew {
			w.anew = false
			if err := (&store{ev.conn, ind}).clear(ctx); err != nil {
				return err
			}
		}
		from, points, err := e.breakpoints(ctx, ev.conn, ind, load, w.since, day)
		if err != nil {
			return err
		}
		if from.IsZero() {
			// Also before all dates: what an earlier computation said of days that
			// no longer are breakpoints must go.
			points = append(points, beginning)
		}
		w.since = day
		active[ind.ID] = &computed{days: days(points, from)}
		all = append(all, active[ind.ID].days...)
	}
	for _, d := range days(all, time.Time{}) {
		if err := ev.at(ctx, d, load); err != nil {
			return err
		}
		for _, ind := range e.Catalog {
			c := active[ind.ID]
			if c == nil || !slices.ContainsFunc(c.days, d.Equal) {
				continue
			}
			if err := c.add(ctx, ev, ind, d); err != nil {
				return err
			}
		}
	}
	for _, ind := range e.Catalog {
		c := active[ind.ID]
		if c == nil {
			continue
		}
		s := &store{ev.conn, ind}
		if err := s.write(ctx, valueTable, c.values, load); err != nil {
			return err
		}
		if err := s.write(ctx, detailTable, c.details, load); err != nil {
			return err
		}
		if err := s.progress(ctx, todo[ind.ID].hash, load, day); err != nil {
			return err
		}
	}
	return nil
}

// add evaluates an indicator at the state in hand.
func (c *computed) add(ctx context.Context, ev *evaluator, ind *Indicator, day time.Time) error {
	vs, err := ev.values(ctx, ind)
	if err != nil {
		return err
	}
	lines := make([]string, len(vs))
	for i, v := range vs {
		b, err := json.Marshal(v)
		if err != nil {
			return fmt.Errorf("indicator %s: %w", ind.ID, err)
		}
		lines[i] = string(b)
	}
	c.values = append(c.values, state{day, lines})
	rows, err := ev.details(ctx, ind)
	if err != nil {
		return err
	}
	c.details = append(c.details, state{day, rows})
	return nil
}

// breakpoints lists the days of as_of on which the indicator can change, as
// known at load: publication dates of its datasets and, where it hangs on the
// calendar, deadlines that have passed. from is the first day that this load, or
// a deadline passed after since, can have changed; zero means all.
func (e *Engine) breakpoints(ctx context.Context, tx warehouse.Execer, ind *Indicator, load int, since, day time.Time) (from time.Time, all []time.Time, err error) {
	if err := warehouse.At(ctx, tx, forever, load); err != nil {
		return from, nil, err
	}
	first := time.Time{}
	for _, id := range AllDatasets(e.Catalog, ind) {
		table := e.Decls.Dataset(id).Table()
		ds, mine, err := publicationDays(ctx, tx, table, load)
		if err != nil {
			return from, nil, fmt.Errorf("indicator %s: %w", ind.ID, err)
		}
		all = append(all, ds...)
		if !mine.IsZero() && (first.IsZero() || mine.Before(first)) {
			first = mine
		}
	}
	if ind.Calendar != NoCalendar {
		for _, d := range Deadlines(e.Decls, ind.Calendar, day) {
			if passed := d.AddDate(0, 0, 1); !passed.After(day) {
				all = append(all, passed)
			}
		}
		all = append(all, firstDay)
		if since.IsZero() {
			return time.Time{}, all, nil
		}
		if next := since.AddDate(0, 0, 1); first.IsZero() || next.Before(first) {
			first = next
		}
	}
	return first, all, nil
}

// publicationDays lists the publication dates of one dataset as known at the
// clock of loading, and the first of those that the load brought (zero: none).
func publicationDays(ctx context.Context, tx warehouse.Execer, table string, load int) (all []time.Time, first time.Time, err error) {
	q, err := renderFile("publication_days.sql.tmpl", struct{ Table string }{table})
	if err != nil {
		return nil, first, err
	}
	rows, err := tx.QueryContext(ctx, q, load)
	if err != nil {
		return nil, first, err
	}
	defer rows.Close()
	for rows.Next() {
		var d time.Time
		var mine bool
		if err := rows.Scan(&d, &mine); err != nil {
			return nil, first, err
		}
		all = append(all, d)
		if mine && (first.IsZero() || d.Before(first)) {
			first = d
		}
	}
	return all, first, rows.Err()
}

// beginning is earlier than every publication date.
var beginning = time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC)

// forever is later than every publication date.
var forever = time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC)
