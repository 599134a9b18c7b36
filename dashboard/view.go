package dashboard

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"
)

// view is a snapshot as it is shown to one request: on one day, and on both
// clocks: with the figures that were published by one date and loaded by one load.
type view struct {
	*Snapshot
	*figures
	asOf  time.Time // zero: what holds now
	load  int       // the last load that counts
	now   time.Time
	today time.Time // calendar day in Mexico City, midnight UTC
}

// list gives the values of an indicator that hold, in the order of the API.
func (v view) list(indicator string) []*Value {
	var out []*Value
	for _, x := range v.values[indicator] {
		if x.asOf.holds(v.asOf) {
			out = append(out, x)
		}
	}
	return out
}

// rows decodes the detail rows of an indicator that hold.
func rows[T any](v view, indicator string) ([]T, error) {
	var out []T
	for _, d := range v.details[indicator] {
		if !d.asOf.holds(v.asOf) {
			continue
		}
		var row T
		if err := json.Unmarshal(d.Row, &row); err != nil {
			return nil, fmt.Errorf("detail of %s: %w", indicator, err)
		}
		out = append(out, row)
	}
	return out, nil
}

// idList reads report ids from a list, or from lists in a list as SQL gives them
// where a row stands on several others; each id once, ascending.
type idList []int

// UnmarshalJSON reads [1, 2], [[1], [2, 1]] or null.
func (l *idList) UnmarshalJSON(b []byte) error {
	var flat []int
	if err := json.Unmarshal(b, &flat); err != nil {
		var nested [][]int
		if json.Unmarshal(b, &nested) != nil {
			return err
		}
		flat = slices.Concat(nested...)
	}
	slices.Sort(flat)
	*l = slices.Compact(flat)
	return nil
}

// loads lists the loads that count on both clocks.
func (v view) loads() []*Load {
	var out []*Load
	for _, l := range v.Loads {
		if l.ID <= v.load && (v.asOf.IsZero() || !l.Published.After(v.asOf)) {
			out = append(out, l)
		}
	}
	return out
}

// earlier tells whether the view leaves out what came last, on either clock.
func (v view) earlier() bool { return !v.asOf.IsZero() || v.load < v.Publication.LastLoad }

// synthetic lists the reports of generated rows that figures of the view stand on,
// ascending.
func (v view) synthetic() []int {
	made := map[int]bool{}
	for _, l := range v.Loads {
		if l.Synthetic && l.ID <= v.load {
			made[l.Report] = true
		}
	}
	if len(made) == 0 {
		return nil
	}
	var all []*Value
	for id := range v.values {
		all = append(all, v.list(id)...)
	}
	var out []int
	for _, l := range v.reportsOf(all) {
		if made[l.Report] {
			out = append(out, l.Report)
		}
	}
	slices.Sort(out)
	return out
}

// where keeps the values for which every condition holds.
func where(values []*Value, conditions ...func(*Value) bool) []*Value {
	var out []*Value
next:
	for _, x := range values {
		for _, ok := range conditions {
			if !ok(x) {
				continue next
			}
		}
		out = append(out, x)
	}
	return out
}

func total(v *Value) bool    { return v.Total() }
func part(v *Value) bool     { return !v.Total() }
func hasValue(v *Value) bool { return v.Value != nil }
func annual(v *Value) bool   { return periodKind(v.From, v.To) == periodYear }
func monthly(v *Value) bool  { return periodKind(v.From, v.To) == periodMonth }
func otherwise(v *Value) bool {
	k := periodKind(v.From, v.To)
	return k != periodYear && k != periodMonth
}

// samePeriod keeps values of the period of x.
func samePeriod(x *Value) func(*Value) bool {
	return func(v *Value) bool { return v.From.Equal(x.From) && v.To.Equal(x.To) }
}

// over keeps values of periods that had ended on the day of the page and by the
// date asked for.
func (v view) over(x *Value) bool { return v.past(x.To) }

// past tells whether a day was over on the day of the page and by the date asked for.
func (v view) past(day time.Time) bool {
	if !v.asOf.IsZero() && v.asOf.Before(v.today) {
		return day.Before(v.asOf)
	}
	return day.Before(v.today)
}

// headline is the figure that stands for an indicator where one alone is told: the
// newest total of a period that is over or, before any is, the newest; nil for none.
func (v view) headline(indicator string) *Value {
	totals := where(v.list(indicator), total, hasValue)
	if x := newest(where(totals, v.over)); x != nil {
		return x
	}
	return newest(totals)
}

// newest gives the value whose period ends last and, among those, is longest;
// nil for none.
func newest(values []*Value) *Value {
	var best *Value
	for _, x := range values {
		if best == nil || x.To.After(best.To) || x.To.Equal(best.To) && x.From.Before(best.From) {
			best = x
		}
	}
	return best
}

type kind int

const (
	periodOther kind = iota
	periodYear
	periodMonth
	periodPoint
)

// periodKind tells a calendar year, a calendar month and a cut-off day from
// other periods.
func periodKind(from, to time.Time) kind {
	switch {
	case from.Equal(to):
		return periodPoint
	case from.Day() != 1 || to.AddDate(0, 0, 1).Day() != 1:
		return periodOther
	case from.AddDate(0, 1, -1).Equal(to):
		return periodMonth
	case from.Month() == time.January && from.AddDate(1, 0, -1).Equal(to):
		return periodYear
	}
	return periodOther
}

// withCorrected lists reports, ascending, with those that they correct: a value names
// the correction alone, whose file has but the rows that were wrong.
func (v view) withCorrected(ids []int) []int {
	out := slices.Clone(ids)
	for i := 0; i < len(out); i++ {
		if l := v.reports[out[i]]; l != nil && l.Corrects != 0 && !slices.Contains(out, l.Corrects) {
			out = append(out, l.Corrects)
		}
	}
	slices.Sort(out)
	return out
}

// reportsOf collects the loads behind some values, newest publication first, one
// per report. Reports that the ledger no longer lists are left out.
func (v view) reportsOf(values []*Value) []*Load {
	want := map[int]bool{}
	for _, x := range values {
		for _, id := range v.withCorrected(x.Reports) {
			want[id] = true
		}
	}
	var out []*Load
	for _, l := range v.Loads {
		if want[l.Report] {
			want[l.Report] = false
			out = append(out, l)
		}
	}
	sortLoads(out)
	return out
}
