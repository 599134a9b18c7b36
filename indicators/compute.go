package indicators

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/gttim/cauce/data"
	"github.com/gttim/cauce/indicators/snapshot"
	"github.com/gttim/cauce/internal/warehouse"
)

// Engine computes the declared indicators and keeps their values on both clocks.
type Engine struct {
	DB      *warehouse.DB
	Decls   *data.Declarations
	Catalog []*Indicator
	Log     *slog.Logger

	opened chan room // by Prepare, until Update or Close takes it
}

// room is where states are worked out.
type room struct {
	snap *snapshot.Snapshot
	err  error
}

// Prepare opens, beside what else goes on, what Update needs whatever is loaded until
// then. Close must follow.
func (e *Engine) Prepare(ctx context.Context) {
	opened := make(chan room, 1)
	e.opened = opened
	go func() {
		snap, err := e.open(ctx)
		opened <- room{snap, err}
	}()
}

// Close gives back what Prepare opened and no Update took.
func (e *Engine) Close() error {
	if e.opened == nil {
		return nil
	}
	r := <-e.opened
	e.opened = nil
	if r.snap == nil {
		return nil // what kept it from opening concerns nobody
	}
	return r.snap.Close()
}

func (e *Engine) open(ctx context.Context) (*snapshot.Snapshot, error) {
	return snapshot.Open(ctx, e.DB, func(ctx context.Context, c warehouse.Execer) error { return prepare(ctx, c, e.Catalog) })
}

// room is what Prepare opened, or opens it now.
func (e *Engine) room(ctx context.Context) (*snapshot.Snapshot, error) {
	if e.opened == nil {
		return e.open(ctx)
	}
	r := <-e.opened
	e.opened = nil
	return r.snap, r.err
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
	if have.day.IsZero() && len(w.loads) > 0 {
		// Deadlines pass, and things are said, before the first report that concerns it
		// comes.
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
// load is a transaction of its own: it is a whole point on the clock of loading. The
// next load is evaluated while one is written.
func (e *Engine) compute(ctx context.Context, conn *sql.Conn, todo map[string]*work, day time.Time) (err error) {
	snap, err := e.room(ctx)
	if err != nil {
		return fmt.Errorf("compute indicators: %w", err)
	}
	defer func() { err = errors.Join(err, snap.Close()) }()
	if err := snap.Begin(ctx, e.Decls.Datasets); err != nil {
		return fmt.Errorf("compute indicators: %w", err)
	}
	some, err := e.loadedDatasets(ctx)
	if err != nil {
		return err
	}
	graph, err := newGraph(e.Catalog)
	if err != nil {
		return err
	}
	ev := &evaluator{engine: e, snap: snap, graph: graph, datasets: some, today: day, marked: map[string]marked{}}
	var loads []int
	for _, w := range todo {
		loads = append(loads, w.loads...)
	}
	lines, err := openStore(ctx, conn, slices.Sorted(maps.Keys(todo)))
	if err != nil {
		return err
	}
	slices.Sort(loads)
	evaluated := make(chan *point)
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		defer close(evaluated)
		for _, load := range slices.Compact(loads) {
			p, err := ev.point(ctx, todo, load)
			if err != nil {
				return err
			}
			select {
			case <-ctx.Done():
				return ctx.Err()
			case evaluated <- p:
			}
		}
		return nil
	})
	g.Go(func() error {
		for p := range evaluated {
			if err := write(ctx, lines, todo, p); err != nil {
				return err
			}
		}
		return nil
	})
	return g.Wait()
}

// write stores what one load says, in a transaction.
func write(ctx context.Context, lines *store, todo map[string]*work, p *point) error {
	tx, err := lines.conn.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("compute indicators: %w", err)
	}
	if err := writePoint(ctx, lines, todo, p); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("compute indicators: %w", err)
	}
	return nil
}

func writePoint(ctx context.Context, lines *store, todo map[string]*work, p *point) error {
	figures, beside, known, err := p.told()
	if err != nil {
		return err
	}
	var anew []string
	done := map[string]progress{}
	for id, c := range p.computed {
		if c.anew {
			anew = append(anew, id)
		}
		done[id] = progress{todo[id].hash, p.load, p.day}
	}
	if err := lines.clear(ctx, anew); err != nil {
		return err
	}
	if err := lines.write(ctx, values(known), figures, p.load); err != nil {
		return err
	}
	if err := lines.write(ctx, details(), beside, p.load); err != nil {
		return err
	}
	return putProgress(ctx, lines.conn, done)
}
