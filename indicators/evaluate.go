package indicators

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/gttim/cauce/data"
	"github.com/gttim/cauce/indicators/mark"
	"github.com/gttim/cauce/indicators/snapshot"
	"github.com/gttim/cauce/internal/warehouse"
)

// evaluator evaluates indicators at states of both clocks.
type evaluator struct {
	engine   *Engine
	snap     *snapshot.Snapshot
	graph    *graph
	datasets []*data.Dataset // those that hold rows
	today    time.Time       // a state after today answers calendar questions as of today
	marked   map[string]marked
	back     bool // the next load's days are visited from the last one
}

// marked are the marked rows of a dataset at one state of it.
type marked struct {
	key   snapshot.Key
	marks []mark.Mark
}

// point is what one load says: the states of each indicator that it concerns.
type point struct {
	load     int
	day      time.Time
	computed map[string]*computed
	finished chan string // the indicators, each once all its states are there
}

// computed are the states of one indicator at one load.
type computed struct {
	anew   bool // what is stored of it is forgotten first
	days   []time.Time
	states []*evaluation
	left   atomic.Int32 // states that are not there yet
}

// evaluation is one state's values with the lines that they are, and its detail lines.
type evaluation struct {
	day     time.Time
	values  []written
	lines   []string
	details []string
	err     error
}

// plan tells what is to be evaluated at one load: each indicator that it concerns, on
// each day of as_of from which the load can change it.
func (ev *evaluator) plan(ctx context.Context, todo map[string]*work, load int) (*point, error) {
	p := &point{load: load, day: ev.today, computed: map[string]*computed{}}
	for _, ind := range ev.engine.Catalog {
		w := todo[ind.ID]
		if w == nil || !slices.Contains(w.loads, load) {
			continue
		}
		from, points, err := ev.breakpoints(ctx, load, ind, w.since)
		if err != nil {
			return nil, err
		}
		if from.IsZero() {
			// Also before all dates: what an earlier computation said of days that
			// no longer are breakpoints must go.
			points = append(points, beginning)
		}
		c := &computed{anew: w.anew, days: days(points, from)}
		c.left.Store(int32(len(c.days)))
		p.computed[ind.ID] = c
		w.anew, w.since = false, ev.today
	}
	p.finished = make(chan string, len(p.computed))
	for id, c := range p.computed {
		if len(c.days) == 0 {
			p.finished <- id
		}
	}
	return p, nil
}

// evaluate visits states day by day, so that what several indicators read is made once;
// at every other load from the last day back, so that what the days have in common is
// still there. What is read is written out as lines beside the next statements.
func (ev *evaluator) evaluate(ctx context.Context, p *point) error {
	var all []time.Time
	for _, c := range p.computed {
		all = append(all, c.days...)
	}
	var aside sync.WaitGroup
	defer aside.Wait()
	states := days(all, time.Time{})
	if ev.back = !ev.back; !ev.back {
		slices.Reverse(states)
	}
	for _, d := range states {
		if err := ev.state(ctx, p, d, &aside); err != nil {
			return err
		}
	}
	return nil
}

// state evaluates the indicators of which the day is a breakpoint, side by side.
func (ev *evaluator) state(ctx context.Context, p *point, day time.Time, aside *sync.WaitGroup) error {
	here := map[string]bool{}
	for id, c := range p.computed {
		if slices.ContainsFunc(c.days, day.Equal) {
			here[id] = true
			c.states = append(c.states, &evaluation{day: day})
		}
	}
	nodes := ev.graph.needed(here)
	today := day
	if ev.today.Before(today) {
		today = ev.today
	}
	if err := ev.snap.At(ctx, day, today, p.load, words(nodes)); err != nil {
		return fmt.Errorf("compute indicators: %w", err)
	}
	marks := map[string][]mark.Mark{}
	for id := range here {
		var err error
		if marks[id], err = ev.marks(ctx, ev.graph.byID[id].ind); err != nil {
			return err
		}
	}
	return snapshot.Run(ctx, ev.snap.Workers(), nodes, func(ctx context.Context, w *snapshot.Worker, n *node) error {
		if n.id == snapshot.Coverage {
			return ev.snap.Cover(ctx, w)
		}
		if !here[n.id] {
			return ev.table(ctx, w, n)
		}
		a := &answer{ind: n.ind, reference: ev.engine.Decls.Reference, marks: marks[n.id]}
		s := p.computed[n.id].last()
		if err := ev.read(ctx, w, n, a, s); err != nil {
			return err
		}
		aside.Go(func() {
			s.err = s.write(a)
			if p.computed[n.id].left.Add(-1) == 0 {
				p.finished <- n.id
			}
		})
		return nil
	})
}

// table makes a node's result a table, unless it holds that of the state in hand.
func (ev *evaluator) table(ctx context.Context, w *snapshot.Worker, n *node) error {
	name, fixed := ev.snap.Names(n.all)
	if fixed && name == n.held {
		return nil
	}
	n.held = ""
	if err := w.Table(ctx, n.id, n.sql, n.reads); err != nil {
		return failed(n, err)
	}
	if fixed {
		n.held = name
	}
	return nil
}

func (c *computed) last() *evaluation { return c.states[len(c.states)-1] }

// read runs an indicator's statements at the state in hand.
func (ev *evaluator) read(ctx context.Context, w *snapshot.Worker, n *node, a *answer, s *evaluation) (err error) {
	if n.table {
		if err := ev.table(ctx, w, n); err != nil {
			return err
		}
		a.columns, a.rows, err = w.Result(ctx, n.id)
	} else {
		a.columns, a.rows, err = w.Rows(ctx, n.sql, n.reads)
	}
	if err != nil {
		return failed(n, err)
	}
	detail := trim(n.ind.DetailSQL)
	if detail == "" {
		return nil
	}
	columns, rows, err := w.Rows(ctx, detail, n.reads)
	if err == nil {
		s.details, err = detailLines(columns, rows)
	}
	if err != nil {
		return fmt.Errorf("indicator %s, detail: %w", n.id, err)
	}
	return nil
}

// failed names what failed. A statement that does not bind is a mistake of its
// declaration.
func failed(n *node, err error) error {
	switch {
	case err == nil:
		return nil
	case warehouse.IsBinding(err):
		return fmt.Errorf("indicator %s: %w: %w", n.id, err, data.ErrDeclaration)
	}
	return fmt.Errorf("indicator %s: %w", n.id, err)
}

// marks reads the marked rows of the datasets that an indicator reads, at the state
// in hand.
func (ev *evaluator) marks(ctx context.Context, ind *Indicator) ([]mark.Mark, error) {
	var out []mark.Mark
	reads := AllDatasets(ev.engine.Catalog, ind)
	for _, ds := range ev.datasets {
		if !mark.Has(ds) || !slices.Contains(reads, ds.ID) {
			continue
		}
		key, err := ev.snap.Key(ctx, ds)
		if err != nil {
			return nil, err
		}
		m, ok := ev.marked[ds.ID]
		if !ok || m.key != key {
			conn, err := ev.snap.Plain(ctx)
			if err != nil {
				return nil, err
			}
			err = ev.snap.AtOnce(ctx, conn, func() (err error) {
				m.marks, err = marksOf(ctx, conn, ev.engine.Catalog, ds)
				return err
			})
			if err != nil {
				return nil, fmt.Errorf("indicator %s: %w", ind.ID, err)
			}
			m.key = key
			ev.marked[ds.ID] = m
		}
		out = append(out, m.marks...)
	}
	return out, nil
}

// marksOf reads a dataset's marked rows with the codes of every dimension.
func marksOf(ctx context.Context, conn warehouse.Execer, catalog []*Indicator, ds *data.Dataset) ([]mark.Mark, error) {
	var dims []string
	for _, i := range catalog {
		for _, d := range i.Dimensions {
			dims = append(dims, d.ID)
		}
	}
	found, err := mark.Rows(ctx, conn, ds, dims)
	if err != nil {
		return nil, fmt.Errorf("marked rows of %s: %w", ds.ID, err)
	}
	return found, nil
}

// answer is an indicator's result as read.
type answer struct {
	ind       *Indicator
	reference map[string]*data.Table
	columns   []string
	rows      [][]any
	marks     []mark.Mark
}

// figure is a value as it is written, with what tells it apart and what it is sorted by.
type figure struct {
	written
	line, key, order string
}

// rowsAtOnce is how many rows one core makes figures of before another takes part.
const rowsAtOnce = 512

// figures makes the figures of it, in order. One per period and dimensions: more than
// one is an ErrDeclaration.
func (a *answer) figures() ([]figure, error) {
	out := make([]figure, len(a.rows))
	var g errgroup.Group
	for from := 0; from < len(out); from += rowsAtOnce {
		g.Go(func() (err error) {
			for i := from; i < min(from+rowsAtOnce, len(out)) && err == nil; i++ {
				out[i], err = a.figure(a.rows[i])
			}
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	seen := make(map[string]bool, len(out))
	for i := range out {
		if seen[out[i].key] {
			return nil, fmt.Errorf("indicator %s gives two figures for %s: %w", a.ind.ID, out[i].key, data.ErrDeclaration)
		}
		seen[out[i].key] = true
	}
	slices.SortFunc(out, func(a, b figure) int { return cmp.Compare(a.order, b.order) })
	return out, nil
}

func (a *answer) figure(row []any) (f figure, err error) {
	if f.Value, err = newValue(a.ind, a.reference, a.columns, row); err != nil {
		return f, err
	}
	f.apply(a.ind, a.marks)
	if f.line, f.pieces, err = f.encode(); err != nil {
		return f, fmt.Errorf("indicator %s: %w", a.ind.ID, err)
	}
	f.order = f.Start + " " + f.End
	f.key = f.order + " " + f.dimensions
	if len(f.Dimensions) > 0 { // the total before its parts
		f.order = f.key
	}
	return f, nil
}

func (e *evaluation) write(a *answer) error {
	all, err := a.figures()
	if err != nil {
		return err
	}
	e.values, e.lines = make([]written, len(all)), make([]string, len(all))
	for i, f := range all {
		e.values[i], e.lines[i] = f.written, f.line
	}
	return nil
}

// told are the values and detail lines of finished indicators, states in order; known
// are the values by their line.
func (p *point) told(ids []string) (values, details map[string][]state, known map[string]written, err error) {
	values, details, known = map[string][]state{}, map[string][]state{}, map[string]written{}
	for _, id := range ids {
		c := p.computed[id]
		slices.SortFunc(c.states, func(a, b *evaluation) int { return a.day.Compare(b.day) })
		for _, e := range c.states {
			if e.err != nil {
				return nil, nil, nil, e.err
			}
			for i, l := range e.lines {
				known[l] = e.values[i]
			}
			values[id] = append(values[id], state{e.day, e.lines})
			details[id] = append(details[id], state{e.day, e.details})
		}
	}
	return values, details, known, nil
}

// detail is the canonical form of a detail line.
type detail struct {
	Order int            `json:"o"`
	Row   map[string]any `json:"f"`
}

// detailLines are any columns, one JSON object a row.
func detailLines(columns []string, rows [][]any) ([]string, error) {
	out := make([]string, 0, len(rows))
	for i, row := range rows {
		object := map[string]any{}
		for j, c := range columns {
			object[c] = plain(row[j])
		}
		b, err := json.Marshal(detail{i, object})
		if err != nil {
			return nil, err
		}
		out = append(out, string(b))
	}
	return out, nil
}
