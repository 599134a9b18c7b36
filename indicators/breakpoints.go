package indicators

import (
	"context"
	"fmt"
	"time"

	"github.com/gttim/cauce/internal/warehouse"
)

// breakpoints lists the days of as_of on which the indicator can change, as
// known at a load: publication dates of its datasets and, where it hangs on the
// calendar, deadlines that have passed. from is the first day that this load, or
// a deadline passed after since, can have changed; zero means all.
func (e *Engine) breakpoints(ctx context.Context, published dates, ind *Indicator, since, day time.Time) (from time.Time, all []time.Time, err error) {
	first := time.Time{}
	for _, id := range AllDatasets(e.Catalog, ind) {
		ds, err := published.of(ctx, e.Decls.Dataset(id).Table())
		if err != nil {
			return from, nil, fmt.Errorf("indicator %s: %w", ind.ID, err)
		}
		all = append(all, ds.all...)
		if !ds.mine.IsZero() && (first.IsZero() || ds.mine.Before(first)) {
			first = ds.mine
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

// dates are the publication dates of datasets as known at one load, each asked
// for once: several indicators read the same datasets.
type dates struct {
	conn  warehouse.Execer
	load  int
	known map[string]datesOf
}

// datesOf are those of one dataset, and the first of those that the load brought
// (zero: none).
type datesOf struct {
	all  []time.Time
	mine time.Time
}

// of expects the connection's clocks at the load and at the end of time.
func (d dates) of(ctx context.Context, table string) (datesOf, error) {
	if out, ok := d.known[table]; ok {
		return out, nil
	}
	var out datesOf
	q, err := renderFile("publication_days.sql.tmpl", struct{ Table string }{table})
	if err != nil {
		return out, err
	}
	rows, err := d.conn.QueryContext(ctx, q, d.load)
	if err != nil {
		return out, err
	}
	defer rows.Close()
	for rows.Next() {
		var at time.Time
		var mine bool
		if err := rows.Scan(&at, &mine); err != nil {
			return out, err
		}
		out.all = append(out.all, at)
		if mine && (out.mine.IsZero() || at.Before(out.mine)) {
			out.mine = at
		}
	}
	d.known[table] = out
	return out, rows.Err()
}

// beginning is earlier than every publication date.
var beginning = time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC)

// forever is later than every publication date.
var forever = time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC)
