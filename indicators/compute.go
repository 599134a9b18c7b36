package indicators

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
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
	done, err := readProgress(ctx, conn)
	if err != nil {
		return err
	}
	loads, err := readLoads(ctx, conn)
	if err != nil {
		return err
	}
	inputs := e.inputHashes()
	todo := map[string]*work{}
	for _, ind := range e.Catalog {
		if w := e.pending(ind, inputs[ind.ID], done[ind.ID], loads, day); w != nil {
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

func (e *Engine) pending(ind *Indicator, hash string, have progress, loads []loaded, day time.Time) *work {
	w := &work{hash: hash}
	if have.hash != w.hash {
		w.anew, have = true, progress{}
	}
	w.since = have.day
	datasets := AllDatasets(e.Catalog, ind)
	for _, l := range loads {
		if l.id > have.load && slices.Contains(datasets, l.dataset) {
			w.loads = append(w.loads, l.id)
		}
	}
	if ind.Calendar != NoCalendar && have.day.IsZero() && len(w.loads) > 0 {
		// Deadlines pass before the first report that concerns it comes.
		w.loads = append([]int{have.load}, w.loads...)
	}
	newDay := ind.Calendar != NoCalendar && !have.day.Equal(day)
	if len(w.loads) == 0 && (newDay || w.anew) {
		w.loads = []int{have.load}
	}
	if len(w.loads) == 0 {
		return nil
	}
	return w
}

// compute evaluates what is to do, load by load, and stores what changed. Each
// load is a transaction of its own: it is a whole point on the clock of loading,
// and what was made for its states is given back with it.
func (e *Engine) compute(ctx context.Context, conn *sql.Conn, todo map[string]*work, day time.Time) error {
	some, err := e.loadedDatasets(ctx)
	if err != nil {
		return err
	}
	ev := &evaluator{conn: conn, catalog: e.Catalog, datasets: some, reference: e.Decls.Reference, today: day}
	if err := ev.prepare(ctx); err != nil {
		return err
	}
	var loads []int
	for _, w := range todo {
		loads = append(loads, w.loads...)
	}
	slices.Sort(loads)
	stores := map[string]*store{}
	for _, ind := range e.Catalog {
		stores[ind.ID] = newStore(conn, ind)
	}
	for _, load := range slices.Compact(loads) {
		tx, err := conn.BeginTx(ctx, nil)
		if err != nil {
			return fmt.Errorf("compute indicators: %w", err)
		}
		if err := e.computeLoad(ctx, conn, ev, todo, stores, load, day); err != nil {
			return errors.Join(err, tx.Rollback())
		}
		if err := tx.Commit(); err != nil {
			return fmt.Errorf("compute indicators: %w", err)
		}
	}
	return nil
}

// computeLoad evaluates, at one load, each indicator that it concerns on each
// day of as_of from which the load can change it. States are visited day by day,
// so that what several indicators read is made once.
func (e *Engine) computeLoad(ctx context.Context, conn *sql.Conn, ev *evaluator, todo map[string]*work, stores map[string]*store, load int, day time.Time) error {
	active := map[string]*computed{}
	var aside sync.WaitGroup
	defer aside.Wait()
	var all []time.Time
	if err := warehouse.At(ctx, ev.conn, forever, load); err != nil {
		return err
	}
	published := dates{ev.conn, load, map[string]datesOf{}}
	for _, ind := range e.Catalog {
		w := todo[ind.ID]
		if w == nil || !slices.Contains(w.loads, load) {
			continue
		}
		if w.anew {
			w.anew = false
			if err := stores[ind.ID].clear(ctx); err != nil {
				return err
			}
		}
		from, points, err := e.breakpoints(ctx, published, ind, w.since, day)
		if err != nil {
			return err
		}
		if from.IsZero() {
			// Also before all dates: what an earlier computation said of days that
			// no longer are breakpoints must go.
			points = append(points, beginning)
		}
		w.since = day
		active[ind.ID] = &computed{days: days(points, from), aside: &aside}
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
	aside.Wait()
	done := map[string]progress{}
	for _, ind := range e.Catalog {
		c, s := active[ind.ID], stores[ind.ID]
		if c == nil {
			continue
		}
		states, known, err := c.values()
		if err != nil {
			return err
		}
		if err := s.write(ctx, values(known), states, load); err != nil {
			return err
		}
		if err := s.write(ctx, details(), c.details, load); err != nil {
			return err
		}
		done[ind.ID] = progress{todo[ind.ID].hash, load, day}
	}
	return putProgress(ctx, conn, done)
}
