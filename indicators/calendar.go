package indicators

import (
	"sort"
	"strconv"
	"time"

	"github.com/gttim/cauce/data"
)

// firstYear is the first year that calendar indicators answer for (design:
// "Years: 2019 to the current one").
const firstYear = 2019

// firstDay is the day from which they answer.
var firstDay = time.Date(firstYear, 1, 1, 0, 0, 0, 0, time.UTC)

// Deadline is the day by which a dataset's last report of a year was due.
type Deadline struct {
	Dataset string
	Year    int
	Due     time.Time
}

// yearDeadlines lists the deadline of every dataset with a cadence for each year
// from the first to that of day.
func yearDeadlines(d *data.Declarations, day time.Time) []Deadline {
	var out []Deadline
	for _, ds := range d.Datasets {
		for y := firstYear; y <= day.Year(); y++ {
			end := time.Date(y, 12, 31, 0, 0, 0, 0, time.UTC)
			if due, ok := ds.Cadence.DueDate(end); ok {
				out = append(out, Deadline{ds.ID, y, due})
			}
		}
	}
	return out
}

// Deadlines lists the distinct days on which a year's deadline falls.
func Deadlines(d *data.Declarations, day time.Time) []time.Time {
	var out []time.Time
	for _, x := range yearDeadlines(d, day) {
		out = append(out, x.Due)
	}
	return days(out, time.Time{})
}

// CalendarTables are the reference tables that follow from the contracts and
// today's year: `vencimientos` (conjunto, anio, vence) and `anios` (anio).
func CalendarTables(d *data.Declarations, day time.Time) map[string]*data.Table {
	due := &data.Table{ID: "vencimientos", Columns: []string{"conjunto", "anio", "vence"}}
	for _, x := range yearDeadlines(d, day) {
		due.Rows = append(due.Rows, []string{x.Dataset, strconv.Itoa(x.Year), x.Due.Format(time.DateOnly)})
	}
	years := &data.Table{ID: "anios", Columns: []string{"anio"}}
	for y := firstYear; y <= day.Year(); y++ {
		years.Rows = append(years.Rows, []string{strconv.Itoa(y)})
	}
	return map[string]*data.Table{due.ID: due, years.ID: years}
}

func referenceIDs(d *data.Declarations) []string {
	ids := make([]string, 0, len(d.Reference))
	for id := range d.Reference {
		ids = append(ids, id)
	}
	sort.Strings(ids)
	return ids
}
