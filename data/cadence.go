package data

import (
	"fmt"
	"time"
	_ "time/tzdata" // due days are Mexican calendar days on machines without a zone database too
)

// MexicoCity is the zone in which days begin and end for due dates, cut-offs and
// publications.
func MexicoCity() *time.Location {
	loc, err := time.LoadLocation("America/Mexico_City")
	if err != nil {
		panic("time zone America/Mexico_City is embedded and cannot be missing: " + err.Error())
	}
	return loc
}

// Day is the calendar day of an instant in Mexico City, as midnight UTC: the
// form in which days are stored and compared.
func Day(t time.Time) time.Time {
	y, m, d := t.In(MexicoCity()).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

// Known tells whether the dataset has a published cadence at all. One without
// it is never late.
func (c Cadence) Known() bool { return c.months() > 0 }

// Expected lists, by dataset of which reports are expected, the datasets whose
// delivery meets that: itself first, then its other forms.
func (d *Declarations) Expected() map[string][]string {
	out := map[string][]string{}
	for _, ds := range d.Datasets {
		if ds.Cadence.Known() && ds.Cadence.FormOf == "" {
			out[ds.ID] = append([]string{ds.ID}, out[ds.ID]...)
		} else if ds.Cadence.FormOf != "" {
			out[ds.Cadence.FormOf] = append(out[ds.Cadence.FormOf], ds.ID)
		}
	}
	return out
}

// checkForms holds that the dataset of which another is a form has a calendar of its own.
func (d *Declarations) checkForms() error {
	for _, ds := range d.Datasets {
		of := ds.Cadence.FormOf
		if of == "" {
			continue
		}
		main := d.Dataset(of)
		if main == nil || main == ds || !main.Cadence.Known() || main.Cadence.FormOf != "" {
			return fmt.Errorf("dataset %s: cadence.form_of %q is no other dataset with a calendar of its own: %w", ds.ID, of, ErrDeclaration)
		}
	}
	return nil
}

// months is how many months one period has, 0 without a cadence.
func (c Cadence) months() int {
	switch c.Every {
	case "mes":
		return 1
	case "trimestre":
		return 3
	case "anio":
		return 12
	}
	return 0
}

// DueDate is the last day on which a report for the period that ends on
// periodEnd is on time, grace included, as midnight UTC. The due day of a month
// that is too short for it is that month's last day. False without a cadence.
func (c Cadence) DueDate(periodEnd time.Time) (time.Time, bool) {
	if !c.Known() || periodEnd.IsZero() {
		return time.Time{}, false
	}
	y, m, _ := periodEnd.Date()
	first := time.Date(y, m+time.Month(c.MonthsAfter), 1, 0, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	day := min(max(c.DueDay, 1), last)
	return first.AddDate(0, 0, day-1+c.GraceDays), true
}

// NextExpected is the last day of the first period that is not whole when the
// reports in force reach lastPeriod: the end of the next month, quarter or year,
// or of the running one when lastPeriod stops inside it. False without a cadence
// or without any report.
func (c Cadence) NextExpected(lastPeriod time.Time) (time.Time, bool) {
	n := c.months()
	if n == 0 || lastPeriod.IsZero() {
		return time.Time{}, false
	}
	y, m, d := lastPeriod.Date()
	last := time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	start := time.Month((int(m)-1)/n*n + 1)
	end := time.Date(y, start+time.Month(n), 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, -1)
	if !last.Before(end) {
		end = time.Date(y, start+2*time.Month(n), 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, -1)
	}
	return end, true
}

// Overdue is how long the next expected report has been late at now, counted
// from the end of its due day in Mexico City; 0 when it is on time, when the
// dataset has no cadence, and when it has no report from which to count.
func (c Cadence) Overdue(now, lastPeriod time.Time) time.Duration {
	end, ok := c.NextExpected(lastPeriod)
	if !ok {
		return 0
	}
	due, ok := c.DueDate(end)
	if !ok {
		return 0
	}
	y, m, d := due.Date()
	return max(0, now.Sub(time.Date(y, m, d+1, 0, 0, 0, 0, MexicoCity())))
}
