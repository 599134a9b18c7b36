package indicators

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"sync"
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

	turn   sync.Mutex  // one Update at a time
	opened chan opened // by Prepare, until Update or Close takes it
	kept   *session    // from one Update to the next, between Prepare and Close
	keep   bool
}

// session is what Update needs, and what it need not find out again the next time.
type session struct {
	conn   *sql.Conn // writes
	snap   *snapshot.Snapshot
	ev     *evaluator
	lines  *store
	hashes map[string]string
}

type opened struct {
	*session
	err error
}

// Prepare opens, beside what else goes on, what Update needs whatever is loaded until
// then, and has it kept until Close, which must follow.
func (e *Engine) Prepare(ctx context.Context) {
	c := make(chan opened, 1)
	e.opened, e.keep = c, true
	go func() {
		s, err := e.open(ctx)
		if err == nil {
			err = s.lines.hold(ctx, e.ids()) // else it is read at each Update for those it is about
		}
		c <- opened{s, err}
	}()
}

// Close gives back what Prepare opened.
func (e *Engine) Close() error {
	e.turn.Lock()
	defer e.turn.Unlock()
	e.keep = false
	if e.opened != nil {
		e.kept = (<-e.opened).session // what kept it from opening concerns nobody
		e.opened = nil
	}
	return e.drop()
}

func (e *Engine) ids() []string {
	out := make([]string, len(e.Catalog))
	for i, ind := range e.Catalog {
		out[i] = ind.ID
	}
	return out
}

// drop closes what is kept.
func (e *Engine) drop() error {
	s := e.kept
	if e.kept = nil; s == nil {
		return nil
	}
	return s.close()
}

func (s *session) close() error {
	err := s.snap.Close()
	if connErr := s.conn.Close(); !errors.Is(connErr, sql.ErrConnDone) { // a transaction that was cut short closes it
		err = errors.Join(err, connErr)
	}
	return err
}

func (e *Engine) open(ctx context.Context) (*session, error) {
	snap, err := snapshot.Open(ctx, e.DB, func(ctx context.Context, c warehouse.Execer) error { return prepare(ctx, c, e.Catalog) })
	if err != nil {
		return nil, err
	}
	graph, err := newGraph(e.Catalog, e.Decls.Reference)
	if err != nil {
		return nil, errors.Join(err, snap.Close())
	}
	conn, err := e.DB.Conn(ctx)
	if err != nil {
		return nil, errors.Join(err, snap.Close())
	}
	return &session{conn: conn, snap: snap, lines: newStore(conn), hashes: e.inputHashes(),
		ev: &evaluator{engine: e, snap: snap, graph: graph, marked: map[string]marked{}}}, nil
}

// session is the one kept, or the one that Prepare opened, or one opened now.
func (e *Engine) session(ctx context.Context) (err error) {
	switch {
	case e.kept != nil:
	case e.opened != nil:
		o := <-e.opened
		e.opened = nil
		e.kept, err = o.session, o.err
	default:
		e.kept, err = e.open(ctx)
	}
	return err
}

// Update brings every indicator up to the newest load, one load after the
// other, so that each load is a point on the clock of loading. day is today's
// calendar day in America/Mexico_City: indicators that hang on deadlines are
// computed again when it changes. Running it twice changes nothing.
// It may be called while reports are being loaded: it does what is whole by then.
func (e *Engine) Update(ctx context.Context, day time.Time) error { return e.bring(ctx, day, false) }

// Finish is Update when nothing is loaded while it runs, which spares it the care of
// not reading that.
func (e *Engine) Finish(ctx context.Context, day time.Time) error { return e.bring(ctx, day, true) }

// Held runs do on a connection where current.* are the rows in force as Finish left
// them, of the datasets that it is given: those whose rows are the same as of any later
// day. It does nothing where nothing is held from one Update to the next.
func (e *Engine) Held(ctx context.Context, newest int, do func(conn warehouse.Execer, datasets []*data.Dataset) error) error {
	e.turn.Lock()
	defer e.turn.Unlock()
	if e.kept == nil {
		return nil
	}
	return e.kept.snap.Held(ctx, newest, do)
}

func (e *Engine) bring(ctx context.Context, day time.Time, alone bool) (err error) {
	e.turn.Lock()
	defer e.turn.Unlock()
	if err := e.session(ctx); err != nil {
		return fmt.Errorf("compute indicators: %w", err)
	}
	e.kept.snap.Alone = alone
	defer func() {
		if err != nil || !e.keep { // after an error what is held may not be what is stored
			err = errors.Join(err, e.drop())
		}
	}()
	return e.update(ctx, e.kept, day)
}

func (e *Engine) update(ctx context.Context, s *session, day time.Time) error {
	done, err := readProgress(ctx, s.conn)
	if err != nil {
		return err
	}
	var loads []loaded
	err = s.snap.AtOnce(ctx, s.conn, func() (err error) {
		loads, err = readLoads(ctx, s.conn)
		return err
	})
	if err != nil {
		return err
	}
	todo := map[string]*work{}
	for _, ind := range e.Catalog {
		if w := e.pending(ind, s.hashes[ind.ID], done[ind.ID], loads, day); w != nil {
			todo[ind.ID] = w
		}
	}
	if len(todo) == 0 {
		return nil
	}
	start := time.Now()
	if err := e.compute(ctx, s, todo, day); err != nil {
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

// compute evaluates what is to do, load by load, and stores what changed beside that.
// Each load is a transaction of its own: it is a whole point on the clock of loading.
func (e *Engine) compute(ctx context.Context, s *session, todo map[string]*work, day time.Time) error {
	if err := s.snap.Begin(ctx, e.Decls.Datasets); err != nil {
		return fmt.Errorf("compute indicators: %w", err)
	}
	s.ev.datasets, s.ev.today = s.snap.Loaded(e.Decls.Datasets), day
	if err := s.lines.hold(ctx, slices.Sorted(maps.Keys(todo))); err != nil {
		return err
	}
	var loads []int
	for _, w := range todo {
		loads = append(loads, w.loads...)
	}
	slices.Sort(loads)
	points := make(chan *point, 1)
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		defer close(points)
		for _, load := range slices.Compact(loads) {
			p, err := s.ev.plan(ctx, todo, load)
			if err != nil {
				return err
			}
			select {
			case <-ctx.Done():
				return ctx.Err()
			case points <- p:
			}
			if err := s.ev.evaluate(ctx, p); err != nil {
				return err
			}
		}
		return nil
	})
	g.Go(func() error {
		for p := range points {
			if err := write(ctx, s.lines, todo, p); err != nil {
				return err
			}
		}
		return nil
	})
	return g.Wait()
}

// write stores what one load says, in a transaction, indicator by indicator as they
// are finished.
func write(ctx context.Context, lines *store, todo map[string]*work, p *point) error {
	ids, err := p.next(ctx)
	if err != nil {
		return err
	}
	err = warehouse.InTx(ctx, lines.conn, func() error { return writePoint(ctx, lines, todo, p, ids) })
	if err != nil {
		return fmt.Errorf("compute indicators: %w", err)
	}
	return nil
}

// next are the indicators that are finished and were not given yet; it waits for one.
func (p *point) next(ctx context.Context) (ids []string, err error) {
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case id := <-p.finished:
		ids = append(ids, id)
	}
	for {
		select {
		case id := <-p.finished:
			ids = append(ids, id)
		default:
			return ids, nil
		}
	}
}

func writePoint(ctx context.Context, lines *store, todo map[string]*work, p *point, ids []string) error {
	done := map[string]progress{}
	for {
		if err := writeFinished(ctx, lines, p, ids); err != nil {
			return err
		}
		for _, id := range ids {
			done[id] = progress{todo[id].hash, p.load, p.day}
		}
		if len(done) == len(p.computed) {
			return putProgress(ctx, lines.conn, done)
		}
		var err error
		if ids, err = p.next(ctx); err != nil {
			return err
		}
	}
}

func writeFinished(ctx context.Context, lines *store, p *point, ids []string) error {
	figures, beside, known, err := p.told(ids)
	if err != nil {
		return err
	}
	var anew []string
	for _, id := range ids {
		if p.computed[id].anew {
			anew = append(anew, id)
		}
	}
	if err := lines.clear(ctx, anew); err != nil {
		return err
	}
	if err := lines.write(ctx, values(known), figures, p.load); err != nil {
		return err
	}
	return lines.write(ctx, details(), beside, p.load)
}
