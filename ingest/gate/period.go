package gate

import (
	"time"

	"github.com/gttim/cauce/data"
	"github.com/gttim/cauce/ingest/gate/cell"
)

// period says which cells of a record tell the period it speaks of, and how late
// a period may begin: by the day of publication or, where only the day of arrival
// is known, in the period after it. A figure of a period to come is a slip of the
// keyboard, and one of those would make a report rule years it says nothing of.
type period struct {
	year, month, date int // fields; -1 for none
	lastYear          int64
	lastMonth         int64 // years × 12 + months, from 0
	lastDay           int64 // since 1970
	late              string
	expected          string
}

// newPeriod reads which columns a contract declares. day is the zero time where
// nothing is known of publication and arrival; assumed says that it is that of
// arrival.
func newPeriod(c *data.Contract, day time.Time, assumed bool) period {
	p := period{year: -1, month: -1, date: -1}
	if day.IsZero() {
		return p
	}
	names := data.Period{}
	switch {
	case c.Wide != nil:
		names.Year = c.Wide.YearName
	case c.Period != nil:
		names = *c.Period
	}
	for i := range c.Columns {
		switch c.Columns[i].Name {
		case names.Year:
			p.year = i
		case names.Month:
			p.month = i
		case names.Date:
			p.date = i
		}
	}
	shown := day.Format(time.DateOnly)
	p.late, p.expected = "el periodo es posterior a la publicación ("+shown+")", "un periodo que empiece a más tardar el "+shown
	p.lastYear, p.lastMonth, p.lastDay = int64(day.Year()), int64(day.Year())*12+int64(day.Month())-1, cell.Days(day)
	if assumed {
		p.late, p.expected = "el periodo empieza más de un periodo después de la llegada ("+shown+")", "a más tardar el periodo que sigue al "+shown
		p.lastYear++
		p.lastMonth++
		p.lastDay = cell.Days(time.Date(day.Year(), day.Month()+2, 0, 0, 0, 0, 0, time.UTC))
	}
	return p
}

// offence is the field that makes the record's period too late, -1 for none.
func (p *period) offence(row []*cell.Value) int {
	switch {
	case p.date >= 0:
		if x := row[p.date]; !x.Null && x.Num > p.lastDay {
			return p.date
		}
	case p.year >= 0 && !row[p.year].Null:
		year := row[p.year].Num
		if year > p.lastYear {
			return p.year
		}
		if p.month >= 0 && !row[p.month].Null && year*12+row[p.month].Num-1 > p.lastMonth {
			return p.month
		}
	}
	return -1
}

// tooLate tells whether a month of a wide record, January being 0, comes too late.
func (p *period) tooLate(year int64, month int) bool {
	return p.year >= 0 && year*12+int64(month) > p.lastMonth
}

func (p *period) finding() *cell.Finding {
	return &cell.Finding{Rule: data.RulePeriod, Message: p.late, Expected: p.expected}
}
