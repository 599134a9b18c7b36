package indicators

import (
	"sort"
	"strconv"
	"strings"
	"time"

	"github.com/gttim/cauce/data"
)

// firstYear is the first year that calendar indicators answer for (design:
// "Years: 2019 to the current one").
const firstYear = 2019

// firstDay is the day from which they answer.
var firstDay = time.Date(firstYear, 1, 1, 0, 0, 0, 0, time.UTC)

// Calendar says which deadlines change an indicator's values as they pass.
type Calendar string

// The calendars: the deadline of each year's last report, or that of every period.
const (
	NoCalendar Calendar = ""
	Years      Calendar = "anios"
	Periods    Calendar = "periodos"
)

// Deadline is the day by which a dataset's report of a period was due.
type Deadline struct {
	Dataset    *data.Dataset
	Start, End time.Time // of the period
	Due        time.Time
}

// deadlines lists the deadline of every period of every dataset with a cadence,
// from the first year to that of day.
func deadlines(d *data.Declarations, day time.Time) []Deadline {
	var out []Deadline
	for _, ds := range d.Datasets {
		start := time.Date(firstYear, 1, 1, 0, 0, 0, 0, time.UTC)
		end, ok := ds.Cadence.NextExpected(start.AddDate(0, 0, -1))
		for ; ok && end.Year() <= day.Year(); end, ok = ds.Cadence.NextExpected(end) {
			if due, known := ds.Cadence.DueDate(end); known {
				out = append(out, Deadline{ds, start, end, due})
			}
			start = end.AddDate(0, 0, 1)
		}
	}
	return out
}

// expected tells whether a report of the period was asked for. Of another form of
// a dataset none is besides that dataset's.
func (x Deadline) expected() bool {
	return x.Dataset.Cadence.FormOf == "" && x.Dataset.Cadence.Since <= x.End.Format("2006-01")
}

// endsYear tells whether the deadline is that of a year's last report.
func (x Deadline) endsYear() bool { return x.End.Month() == time.December && x.End.Day() == 31 }

// Deadlines lists the distinct days on which a deadline of the calendar falls.
func Deadlines(d *data.Declarations, calendar Calendar, day time.Time) []time.Time {
	var out []time.Time
	for _, x := range deadlines(d, day) {
		if calendar == Periods && x.expected() || calendar == Years && x.endsYear() {
			out = append(out, x.Due)
		}
	}
	return days(out, time.Time{})
}

// CalendarTables are the reference tables that follow from the contracts and
// today's year: `vencimientos` (conjunto, anio, vence: when the year's last report
// was due), `vencimientos_periodo` (conjunto, institucion, periodo_inicio,
// periodo_fin, vence), `formas` (conjunto, forma: the datasets whose delivery is
// one of conjunto's, itself among them) and `anios` (anio).
func CalendarTables(d *data.Declarations, day time.Time) map[string]*data.Table {
	due := &data.Table{ID: "vencimientos", Columns: []string{"conjunto", "anio", "vence"}}
	each := &data.Table{ID: "vencimientos_periodo", Columns: []string{"conjunto", "institucion", "periodo_inicio", "periodo_fin", "vence"}}
	for _, x := range deadlines(d, day) {
		if x.endsYear() {
			due.Rows = append(due.Rows, []string{x.Dataset.ID, strconv.Itoa(x.End.Year()), x.Due.Format(time.DateOnly)})
		}
		if !x.expected() {
			continue
		}
		each.Rows = append(each.Rows, []string{x.Dataset.ID, strings.ToUpper(x.Dataset.Agency),
			x.Start.Format(time.DateOnly), x.End.Format(time.DateOnly), x.Due.Format(time.DateOnly)})
	}
	forms := &data.Table{ID: "formas", Columns: []string{"conjunto", "forma"}}
	for _, ds := range d.Datasets {
		for _, form := range d.Expected()[ds.ID] {
			forms.Rows = append(forms.Rows, []string{ds.ID, form})
		}
	}
	years := &data.Table{ID: "anios", Columns: []string{"anio"}}
	for y := firstYear; y <= day.Year(); y++ {
		years.Rows = append(years.Rows, []string{strconv.Itoa(y)})
	}
	return map[string]*data.Table{due.ID: due, each.ID: each, forms.ID: forms, years.ID: years}
}

func referenceIDs(d *data.Declarations) []string {
	ids := make([]string, 0, len(d.Reference))
	for id := range d.Reference {
		ids = append(ids, id)
	}
	sort.Strings(ids)
	return ids
}
