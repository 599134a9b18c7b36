package xlsx

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// digits is how many significant digits Excel keeps and shows of a number.
const digits = 15

// numberText writes a stored number as contracts want it: no exponent, no zero
// behind the point, a date as AAAA-MM-DD (with HH:MM:SS when it has a time), a
// month as AAAA-MM. Percentages keep their sign, as they do in a CSV of the same
// sheet. exact is false for a number with more digits than Excel keeps. What is
// no number is given as it is.
func numberText(raw string, f format, from04 bool) (text string, exact bool) {
	if f == general && plainInteger(raw) {
		return raw, true
	}
	x, ok := parse(raw)
	if !ok {
		return raw, true
	}
	switch f {
	case general, percent:
	default:
		if s, ok := dateText(x, f, from04); ok {
			return s, true
		}
	}
	exact = math.Abs(x) < 1e15
	if f == percent {
		return decimal(x*100) + "%", exact
	}
	return decimal(x), exact
}

// plainInteger tells whether the text is canonical already.
func plainInteger(s string) bool {
	if s == "" || len(s) > digits || s[0] == '0' && len(s) > 1 {
		return false
	}
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

func parse(s string) (float64, bool) {
	if s == "" || strings.Trim(s, "0123456789+-.eE") != "" {
		return 0, false
	}
	x, err := strconv.ParseFloat(s, 64)
	return x, err == nil
}

// decimal writes the number with the digits that Excel shows.
func decimal(x float64) string {
	s := strconv.FormatFloat(x, 'f', -1, 64)
	if len(s) > digits {
		if y, err := strconv.ParseFloat(strconv.FormatFloat(x, 'e', digits-1, 64), 64); err == nil {
			s = strconv.FormatFloat(y, 'f', -1, 64)
		}
	}
	if s == "-0" {
		return "0"
	}
	return s
}

const (
	lastSerial = 2958465 // 9999-12-31
	secondsDay = 86400
)

// dateText writes a count of days as the format shows it; false when it is none
// of a date.
func dateText(x float64, f format, from04 bool) (string, bool) {
	if x < 0 || x >= lastSerial+1 {
		return "", false
	}
	days := math.Floor(x)
	seconds := int(math.Round((x - days) * secondsDay))
	if seconds == secondsDay {
		days, seconds = days+1, 0
	}
	clock := time.Unix(int64(seconds), 0).UTC().Format(time.TimeOnly)
	if f == timing || days == 0 && !from04 {
		return clock, days == 0
	}
	if days == 60 && !from04 {
		return "1900-02-29", true // a day that Excel has and the calendar has not
	}
	date := start(days, from04).AddDate(0, 0, int(days))
	if date.Year() > 9999 {
		return "", false
	}
	switch {
	case f == month && date.Day() == 1 && seconds == 0:
		return date.Format("2006-01"), true
	case f == year && date.YearDay() == 1 && seconds == 0:
		return date.Format("2006"), true
	case seconds == 0:
		return date.Format(time.DateOnly), true
	}
	return date.Format(time.DateOnly) + " " + clock, true
}

// start is the day before day one. Excel's 1900 is a leap year, so that from
// March 1900 on its days are one behind.
func start(days float64, from04 bool) time.Time {
	switch {
	case from04:
		return time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	case days < 60:
		return time.Date(1899, 12, 31, 0, 0, 0, 0, time.UTC)
	}
	return time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
}

// isoText shortens a date that is stored as text to the contract's form.
func isoText(s string) string {
	if t, err := time.Parse("2006-01-02T15:04:05.999", strings.TrimSuffix(s, "Z")); err == nil {
		if t.Hour() == 0 && t.Minute() == 0 && t.Second() == 0 {
			return t.Format(time.DateOnly)
		}
		return t.Format(time.DateTime)
	}
	return s
}

// unescape puts back the characters that XML cannot hold and that are written as
// _x000D_.
func unescape(s string) string {
	at := strings.Index(s, "_x")
	if at < 0 {
		return s
	}
	var b strings.Builder
	for at >= 0 {
		b.WriteString(s[:at])
		s = s[at:]
		n, err := uint64(0), strconv.ErrSyntax
		if len(s) >= 7 && s[6] == '_' {
			n, err = strconv.ParseUint(s[2:6], 16, 16)
		}
		if err != nil || n >= 0xd800 && n < 0xe000 {
			b.WriteString(s[:2])
			s = s[2:]
		} else {
			b.WriteRune(rune(n))
			s = s[7:]
		}
		at = strings.Index(s, "_x")
	}
	b.WriteString(s)
	return b.String()
}
