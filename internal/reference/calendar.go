package reference

import (
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// deadline is the day by which a dataset's report of a period was due. asked is
// false for periods before reports were asked for, and for datasets that are
// another form of one of which they are.
type deadline struct {
	dataset, institution, from, to, due string
	asked                               bool
}

// readDeadlines reads the cadences of the contracts, from 2019 to this year.
func (r *Reports) readDeadlines() error {
	names, err := fs.Glob(r.files, "datasets/*/contract.yml")
	if err != nil {
		return err
	}
	field := func(text []byte, name string) string {
		m := regexp.MustCompile(`(?m)^ *` + name + `: *"?([^"\s#]+)`).FindSubmatch(text)
		if m == nil {
			return ""
		}
		return string(m[1])
	}
	for _, name := range names {
		text, err := fs.ReadFile(r.files, name)
		if err != nil {
			return err
		}
		length := map[string]int{"mes": 1, "trimestre": 3, "anio": 12}[field(text, "every")]
		if length == 0 {
			continue
		}
		n := map[string]int{}
		for _, key := range []string{"due_day", "months_after", "grace_days"} {
			if n[key], err = strconv.Atoi(field(text, key)); err != nil {
				return fmt.Errorf("%s: %s: %w", name, key, err)
			}
		}
		for start := time.Date(2019, 1, 1, 0, 0, 0, 0, time.UTC); start.Year() <= r.today.Year(); start = start.AddDate(0, length, 0) {
			end := start.AddDate(0, length, -1)
			month := time.Date(end.Year(), end.Month()+time.Month(n["months_after"]), 1, 0, 0, 0, 0, time.UTC)
			due := month.AddDate(0, 0, min(n["due_day"], month.AddDate(0, 1, -1).Day())-1+n["grace_days"])
			r.deadlines = append(r.deadlines, deadline{
				dataset: path.Base(path.Dir(name)), institution: strings.ToUpper(field(text, "agency")),
				from: start.Format(time.DateOnly), to: end.Format(time.DateOnly), due: due.Format(time.DateOnly),
				asked: field(text, "since") <= end.Format("2006-01") && field(text, "form_of") == "",
			})
		}
	}
	return nil
}

// punctuality is reports received over reports expected. No shipped report is of
// a dataset with a calendar, so that none was received, in time or late.
func (r *Reports) punctuality(today string) []Value {
	expected := map[[4]string]int{}
	for _, d := range r.deadlines {
		if !d.asked || d.due >= today {
			continue
		}
		from, to := d.to[:4]+"-01-01", d.to[:4]+"-12-31"
		for _, k := range [][2]string{{"", ""}, {d.institution, ""}, {d.institution, d.dataset}} {
			expected[[4]string{from, to, k[0], k[1]}]++
		}
		if d.from != from || d.to != to {
			expected[[4]string{d.from, d.to, d.institution, d.dataset}]++
		}
	}
	var out []Value
	for k, n := range expected {
		out = append(out, ratio(0, float64(n), 100, final).at(k[0], k[1], "institucion", k[2], "conjunto", k[3]))
	}
	return out
}
