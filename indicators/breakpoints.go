package indicators

import (
	"context"
	"fmt"
	"time"
)

// breakpoints lists the days of as_of on which the indicator can change, as
// known at a load: publication dates of its datasets and, where it hangs on the
// calendar, deadlines that have passed. from is the first day that this load, or
// a deadline passed after since, can have changed; zero means all.
func (ev *evaluator) breakpoints(ctx context.Context, load int, ind *Indicator, since time.Time) (from time.Time, all []time.Time, err error) {
	decls, day := ev.engine.Decls, ev.today
	first, whole := time.Time{}, false
	for _, id := range AllDatasets(ev.engine.Catalog, ind) {
		published, mine, err := ev.snap.Days(ctx, decls.Dataset(id), load)
		if err != nil {
			return from, nil, fmt.Errorf("indicator %s: %w", ind.ID, err)
		}
		all = append(all, published...)
		// What ends is missed from the day on which it was published, which need not be
		// among those that are left.
		whole = whole || ev.snap.Ends(decls.Dataset(id), load)
		if !mine.IsZero() && (first.IsZero() || mine.Before(first)) {
			first = mine
		}
	}
	if ind.Calendar != NoCalendar {
		for _, d := range Deadlines(decls, ind.Calendar, day) {
			if passed := d.AddDate(0, 0, 1); !passed.After(day) {
				all = append(all, passed)
			}
		}
		all = append(all, firstDay)
		if ind.Calendar == Years { // a year is asked about from its first day
			for y := firstDay; !y.After(day); y = y.AddDate(1, 0, 0) {
				all = append(all, y)
			}
		}
		whole = whole || since.IsZero()
		if next := since.AddDate(0, 0, 1); first.IsZero() || next.Before(first) {
			first = next
		}
	}
	if whole {
		first = time.Time{}
	}
	return first, all, nil
}

// beginning is earlier than every publication date.
var beginning = time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC)

// forever is later than every publication date.
var forever = time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC)
