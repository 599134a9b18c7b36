package snapshot

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/gttim/cauce/data"
	"github.com/gttim/cauce/internal/warehouse"
)

// Coverage is the name of the relation of what the rows in force cover.
const Coverage = "cobertura"

// Key names the state of a dataset's rows: while it is the same, so are they. It is
// the version of its loads, and how many of them and of their rows' days had been
// published.
type Key struct{ version, known, passed int }

// none is the key of rows that are not held at all.
var none = Key{version: -1}

// relation is what the state holds of one dataset, and the keys it is held at.
type relation struct {
	ds       *data.Dataset
	many     bool // not copied
	coverage string
	reads    map[string]bool // the words of its coverage, its own table among them
	now      Key             // at the state in hand
	rows     Key
	covers   map[string]Key // of each dataset that its coverage reads
}

func newRelation(ds *data.Dataset) (*relation, error) {
	q, err := warehouse.CoverageSQL(ds)
	r := &relation{ds: ds, coverage: q, reads: Words(q), rows: none}
	r.reads[ds.Table()] = true
	return r, err
}

// At sets the clocks, and brings up to the state what is read: reads are the words of
// the statements that will be run there. today is the day as of which deadlines are
// judged. What is covered is brought up by Cover.
func (s *Snapshot) At(ctx context.Context, asOf, today time.Time, load int, reads map[string]bool) error {
	s.asOf, s.today, s.load, s.aside = asOf, today, load, false
	for _, w := range s.workers {
		w.there = false
	}
	for _, r := range s.relations {
		var err error
		if r.now, err = s.Key(ctx, r.ds); err != nil {
			return err
		}
	}
	needed := maps.Clone(reads)
	if reads[Coverage] {
		for _, r := range s.relations {
			if len(s.loads[r.ds.ID]) > 0 {
				maps.Copy(needed, r.reads)
			}
		}
	}
	stale := make(chan *relation, len(s.relations))
	for _, r := range s.relations {
		if needed[r.ds.Table()] && r.rows != r.now {
			stale <- r
		}
	}
	close(stale)
	g, ctx := errgroup.WithContext(ctx)
	for _, w := range s.workers {
		g.Go(func() error {
			for r := range stale {
				if err := w.current(ctx, r); err != nil {
					return err
				}
				r.rows = r.now
			}
			return nil
		})
	}
	return g.Wait()
}

// Cover brings what the rows in force cover up to the state, after At for words that
// name Coverage.
func (s *Snapshot) Cover(ctx context.Context, w *Worker) error {
	for _, r := range s.relations {
		if len(s.loads[r.ds.ID]) == 0 {
			continue
		}
		if want := s.covering(r); !maps.Equal(r.covers, want) {
			if err := w.cover(ctx, r); err != nil {
				return err
			}
			r.covers = want
		}
	}
	return nil
}

// Held runs do on a connection where current.* are those rows in force that are here
// and are, whatever the day, what they are once all loads up to the newest count: of
// the datasets that it is given. It must not be in use meanwhile.
func (s *Snapshot) Held(ctx context.Context, newest int, do func(warehouse.Execer, []*data.Dataset) error) error {
	var err error
	if s.loads, err = readLoads(ctx, s.plain); err != nil { // what no indicator reads may have come since
		return err
	}
	s.asOf, s.load, s.aside = forever, newest, false
	var held []*data.Dataset
	for _, r := range s.relations {
		if r.many || r.rows == none {
			continue
		}
		now, err := s.Key(ctx, r.ds)
		if err != nil {
			return err
		}
		if r.rows == now {
			held = append(held, r.ds)
		}
	}
	for _, w := range s.workers {
		w.there = false
	}
	return do(s.workers[0].conn, held)
}

// covering are the keys of the datasets that a dataset's coverage reads.
func (s *Snapshot) covering(r *relation) map[string]Key {
	out := map[string]Key{}
	for _, other := range s.relations {
		if r.reads[other.ds.Table()] {
			out[other.ds.ID] = other.now
		}
	}
	return out
}

// Names tells the state of what a statement of these words reads of the rows in
// force: while it is the same, so is what the statement gives. fixed is false where it
// may read more than them, the clocks themselves for example.
func (s *Snapshot) Names(reads map[string]bool) (name string, fixed bool) {
	for _, w := range moving {
		if reads[w] {
			return "", false
		}
	}
	var b strings.Builder
	b.WriteString("rows in force: ")
	for _, r := range s.relations {
		if reads[r.ds.Table()] {
			fmt.Fprintf(&b, "%s %d/%d/%d ", r.ds.ID, r.now.version, r.now.known, r.now.passed)
		}
	}
	return b.String(), true
}

// moving are the names of what hangs on more than the rows in force of datasets that
// are named beside them. The ledger's relations are found without their schema too.
var moving = []string{"getvariable", Coverage, "entregas", "ledger", "en_vigor", "vigencias", "cuarentena", "tareas", "enmiendas", "indicators", "now", "today",
	"current_date", "current_time", "current_timestamp", "localtime", "localtimestamp", "current_localtime", "current_localtimestamp", "get_current_time", "get_current_timestamp",
	"transaction_timestamp", "txid_current", "current_transaction_id", "random", "uuid", "gen_random_uuid", "uuidv4", "uuidv7", "nextval", "currval"}

// apart tells whether a statement of these words reads nothing that a load changes and
// no clock: the rows in force of the state and declarations alone. nil tells nothing.
func (s *Snapshot) apart(reads map[string]bool) bool {
	if reads == nil || reads[s.warehouse] {
		return false
	}
	for _, words := range [][]string{moving, loaded} {
		if slices.ContainsFunc(words, func(w string) bool { return reads[w] }) {
			return false
		}
	}
	return !slices.ContainsFunc(s.relations, func(r *relation) bool { return r.many && reads[r.ds.Table()] })
}

// loaded are, besides what moves, the names of what a load writes into, apart from the
// datasets' own tables, which are found in the state first.
var loaded = []string{"raw", "clean", "historia", "avance", "correcciones", "datasets", "detalles", "diccionario", "loads", "problems",
	"publications", "quarantine", "reports", "schema_version", "stored", "suprimidos", "valores"}

// Key is that of a dataset at the state in hand.
func (s *Snapshot) Key(ctx context.Context, ds *data.Dataset) (Key, error) {
	d, err := s.daysOf(ctx, ds, s.load)
	if err != nil {
		return none, err
	}
	k := Key{version: d.version}
	for _, l := range counting(s.loads[ds.ID], s.load) {
		if !l.published.After(s.asOf) {
			k.known++
		}
	}
	for _, day := range d.all {
		if !day.After(s.asOf) {
			k.passed++
		}
	}
	return k, nil
}

// current brings the rows in force of one dataset up to the state.
func (w *Worker) current(ctx context.Context, r *relation) error {
	err := w.run(ctx, nil, "current_rows.sql.tmpl", names{Table: r.ds.Table(), Some: r.now.known+r.now.passed > 0, Many: r.many})
	if err != nil {
		return fmt.Errorf("rows in force of %s: %w", r.ds.ID, err)
	}
	return nil
}

// cover brings what one dataset covers up to the state.
func (w *Worker) cover(ctx context.Context, r *relation) error {
	err := w.run(ctx, r.reads, "coverage_rows.sql.tmpl", names{Dataset: r.ds.ID, SQL: r.coverage})
	if warehouse.IsBinding(err) {
		return fmt.Errorf("coverage of %s: %w: %w", r.ds.ID, err, data.ErrDeclaration)
	}
	if err != nil {
		return fmt.Errorf("coverage of %s: %w", r.ds.ID, err)
	}
	return nil
}
