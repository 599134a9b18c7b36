package snapshot

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"

	"github.com/gttim/cauce/data"
	"github.com/gttim/cauce/internal/warehouse"
)

// load is one load that holds rows: it counts from id until the load `until` (0: still).
type load struct {
	id, until int
	published time.Time
}

func readLoads(ctx context.Context, conn warehouse.Execer) (map[string][]load, error) {
	rows, err := conn.QueryContext(ctx, mustSQL("loads.sql"))
	if err != nil {
		return nil, fmt.Errorf("loads in force: %w", err)
	}
	defer rows.Close()
	out := map[string][]load{}
	for rows.Next() {
		var l load
		var dataset string
		var until sql.NullInt64
		if err := rows.Scan(&l.id, &dataset, &l.published, &until); err != nil {
			return nil, fmt.Errorf("loads in force: %w", err)
		}
		l.until = int(until.Int64)
		out[dataset] = append(out[dataset], l)
	}
	return out, rows.Err()
}

// readSizes tells about how many clean rows each dataset has, by table.
func readSizes(ctx context.Context, conn warehouse.Execer) (map[string]int64, error) {
	rows, err := conn.QueryContext(ctx, mustSQL("sizes.sql"))
	if err != nil {
		return nil, fmt.Errorf("sizes of datasets: %w", err)
	}
	defer rows.Close()
	out := map[string]int64{}
	for rows.Next() {
		var table string
		var n int64
		if err := rows.Scan(&table, &n); err != nil {
			return nil, fmt.Errorf("sizes of datasets: %w", err)
		}
		out[table] = n
	}
	return out, rows.Err()
}

// readDated are the tables of datasets whose rows may tell a day of publication of
// their own; those of the others are as old as their report.
func readDated(ctx context.Context, conn warehouse.Execer) (map[string]bool, error) {
	rows, err := conn.QueryContext(ctx, mustSQL("dated.sql"))
	if err != nil {
		return nil, fmt.Errorf("columns of datasets: %w", err)
	}
	defer rows.Close()
	out := map[string]bool{}
	for rows.Next() {
		var table string
		if err := rows.Scan(&table); err != nil {
			return nil, fmt.Errorf("columns of datasets: %w", err)
		}
		out[table] = true
	}
	return out, rows.Err()
}

// Loaded are those datasets that hold rows, as of Begin.
func (s *Snapshot) Loaded(datasets []*data.Dataset) (out []*data.Dataset) {
	for _, ds := range datasets {
		if len(s.loads[ds.ID]) > 0 {
			out = append(out, ds)
		}
	}
	return out
}

// version names the loads that count at a point on the clock of loading: the last
// load, up to there, that came or ended one. 0: none has come.
func version(loads []load, at int) int {
	last := 0
	for _, l := range loads {
		if l.id <= at {
			last = max(last, l.id)
		}
		if l.until != 0 && l.until <= at {
			last = max(last, l.until)
		}
	}
	return last
}

// counting are the loads that count there.
func counting(loads []load, at int) (out []load) {
	for _, l := range loads {
		if l.id <= at && (l.until == 0 || l.until > at) {
			out = append(out, l)
		}
	}
	return out
}

// daysOf are the publication days of one dataset at one version of its loads, and
// the first of each load.
type daysOf struct {
	version int
	all     []time.Time
	first   map[int]time.Time
}

// Days are the publication days of a dataset as known at a load, in order, and the
// first of those that this load brought (zero: none).
func (s *Snapshot) Days(ctx context.Context, ds *data.Dataset, at int) (all []time.Time, mine time.Time, err error) {
	d, err := s.daysOf(ctx, ds, at)
	return d.all, d.first[at], err
}

// Ends tells whether a load takes others of the dataset out of force: it withdraws a
// report, or brings it again.
func (s *Snapshot) Ends(ds *data.Dataset, at int) bool {
	return slices.ContainsFunc(s.loads[ds.ID], func(l load) bool { return l.until != 0 && l.until == at })
}

func (s *Snapshot) daysOf(ctx context.Context, ds *data.Dataset, at int) (daysOf, error) {
	v := version(s.loads[ds.ID], at)
	if d, ok := s.days[ds.ID]; ok && d.version == v {
		return d, nil
	}
	d := daysOf{version: v, first: map[int]time.Time{}}
	count := counting(s.loads[ds.ID], at)
	switch {
	case !s.dated[ds.Table()]:
		for _, l := range count {
			d.all, d.first[l.id] = append(d.all, l.published), l.published
		}
		d.sort()
	case len(count) > 0:
		if err := s.AtOnce(ctx, s.plain, func() error { return s.readDays(ctx, ds, at, &d) }); err != nil {
			return d, fmt.Errorf("publication days of %s: %w", ds.ID, err)
		}
	}
	s.days[ds.ID] = d
	return d, nil
}

// forever is later than every publication day.
var forever = time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC)

func (s *Snapshot) readDays(ctx context.Context, ds *data.Dataset, at int, d *daysOf) error {
	s.aside = false
	if err := warehouse.At(ctx, s.plain, forever, at); err != nil {
		return err
	}
	q, err := render("publication_days.sql.tmpl", names{Table: ds.Table()})
	if err != nil {
		return err
	}
	rows, err := s.plain.QueryContext(ctx, q)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var id int
		var day time.Time
		if err := rows.Scan(&id, &day); err != nil {
			return err
		}
		d.all = append(d.all, day)
		if first, ok := d.first[id]; !ok || day.Before(first) {
			d.first[id] = day
		}
	}
	d.sort()
	return rows.Err()
}

func (d *daysOf) sort() {
	slices.SortFunc(d.all, time.Time.Compare)
	d.all = slices.CompactFunc(d.all, time.Time.Equal)
}
