package clock

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"time"

	"github.com/gttim/cauce/data"
)

// ErrLoadPoint is a text that names no point on the clock of loading.
var ErrLoadPoint = errors.New("not a load's number, a day (AAAA-MM-DD) or a moment (RFC 3339)")

// LoadPoint is a point on the clock of loading as a person names it: a load by
// its number, or a moment, which stands for the last load that was done by then.
// The zero LoadPoint asks for all that was loaded.
type LoadPoint struct {
	Load   int
	Moment time.Time // UTC
	Day    bool      // the moment is the end of a day in America/Mexico_City
}

var (
	loadForm   = regexp.MustCompile(`^[1-9][0-9]{0,8}$`)
	dayForm    = regexp.MustCompile(`^[0-9]{4}-[0-9]{2}-[0-9]{2}$`)
	momentForm = regexp.MustCompile(`^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(Z|[+-][0-9]{2}:[0-9]{2})$`)
)

// ParseLoadPoint reads a load's number (12), a day of America/Mexico_City to its
// end (2026-11-28), or a moment to the second (2026-11-28T11:04:03-06:00).
// Anything else is ErrLoadPoint.
func ParseLoadPoint(s string) (LoadPoint, error) {
	var p LoadPoint
	var err error
	switch {
	case loadForm.MatchString(s):
		p.Load, err = strconv.Atoi(s)
	case dayForm.MatchString(s):
		var day time.Time
		day, err = time.ParseInLocation(time.DateOnly, s, data.MexicoCity())
		y, m, d := day.Date()
		p.Moment, p.Day = time.Date(y, m, d+1, 0, 0, 0, -1, data.MexicoCity()).UTC(), true
	case momentForm.MatchString(s):
		p.Moment, err = time.Parse(time.RFC3339, s)
		p.Moment = p.Moment.UTC()
	default:
		err = ErrLoadPoint
	}
	if err == nil && p.Load == 0 && (p.Moment.Year() < 1900 || p.Moment.Year() > 3000) {
		err = ErrLoadPoint
	}
	if err != nil {
		return LoadPoint{}, fmt.Errorf("%q: %w", s, ErrLoadPoint)
	}
	return p, nil
}

// IsZero tells whether nothing was asked for.
func (p LoadPoint) IsZero() bool { return p == LoadPoint{} }

// String writes the point in the one form that ParseLoadPoint reads back as the
// same point, "" for the zero point.
func (p LoadPoint) String() string {
	switch {
	case p.IsZero():
		return ""
	case p.Load != 0:
		return strconv.Itoa(p.Load)
	case p.Day:
		return p.Moment.In(data.MexicoCity()).Format(time.DateOnly)
	}
	return p.Moment.Format(time.RFC3339)
}
