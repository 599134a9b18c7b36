package cell

import (
	"strconv"
	"time"

	"github.com/gttim/cauce/data"
)

// Precision is how exactly a date of publication is known.
type Precision uint8

// The precisions; the zero value is that of what has no date.
const (
	NoPrecision Precision = iota
	PrecisionDay
	PrecisionMonth
	PrecisionYear
)

// String is the precision as stored: dia, mes, anio, or nothing.
func (p Precision) String() string { return [...]string{"", "dia", "mes", "anio"}[p] }

// Years outside these bounds are slips of the keyboard.
const (
	firstYear = 1900
	lastYear  = 2199
)

func (f *Field) date(v *Verdict, s string) {
	var day time.Time
	ok := f.re.MatchString(s)
	if ok {
		day, v.Precision, ok = ParseDate(s, f.Type == data.TypePubDate || f.PeriodEnd)
	}
	if ok {
		switch f.Type {
		case data.TypeDate:
			ok = v.Precision == PrecisionDay
		case data.TypeMonth:
			ok = v.Precision != PrecisionYear
		}
	}
	if !ok {
		v.refuse(data.RuleDate, "no es una fecha válida", f.expectedDate(), "")
		return
	}
	v.Num = Days(day)
}

func (f *Field) expectedDate() string {
	switch f.Type {
	case data.TypePubDate:
		return "AAAA-MM-DD, AAAA-MM o AAAA"
	case data.TypeMonth:
		return "AAAA-MM"
	}
	return "AAAA-MM-DD"
}

// ParseDate reads AAAA, AAAA-MM or AAAA-MM-DD as a day of the calendar. A month
// or year counts as its last day when end is set, else as its first.
func ParseDate(s string, end bool) (day time.Time, precision Precision, ok bool) {
	if len(s) != 4 && len(s) != 7 && len(s) != 10 {
		return day, NoPrecision, false
	}
	month, dom := 1, 1
	year, err := strconv.Atoi(s[:4])
	if err != nil || year < firstYear || year > lastYear {
		return day, NoPrecision, false
	}
	precision = PrecisionYear
	if len(s) >= 7 {
		precision = PrecisionMonth
		if month, err = strconv.Atoi(s[5:7]); err != nil || s[4] != '-' || month < 1 || month > 12 {
			return day, NoPrecision, false
		}
	}
	if len(s) == 10 {
		precision = PrecisionDay
		if dom, err = strconv.Atoi(s[8:]); err != nil || s[7] != '-' || dom < 1 {
			return day, NoPrecision, false
		}
	}
	day = time.Date(year, time.Month(month), dom, 0, 0, 0, 0, time.UTC)
	if day.Day() != dom {
		return day, NoPrecision, false // 30 February becomes 1 March
	}
	if end {
		switch precision {
		case PrecisionMonth:
			day = day.AddDate(0, 1, -1)
		case PrecisionYear:
			day = time.Date(year, time.December, 31, 0, 0, 0, 0, time.UTC)
		}
	}
	return day, precision, true
}

const daySeconds = 24 * 60 * 60

// Days is a day as days since 1970.
func Days(t time.Time) int64 { return t.Unix() / daySeconds }

// Day is the day that comes so many days after the first of 1970.
func Day(days int64) time.Time { return time.Unix(days*daySeconds, 0).UTC() }
