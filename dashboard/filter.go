package dashboard

import (
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/gttim/cauce/internal/clock"
)

// errBadQuery is any query string that is not understood whole. What exactly
// was wrong is not said: the text shown is the same for all.
var errBadQuery = errors.New("bad query")

// maxQuery is how many bytes a query string may have; the longest that means
// anything has about 80.
const maxQuery = 512

var (
	dayForm  = regexp.MustCompile(`^[0-9]{4}-[0-9]{2}-[0-9]{2}$`)
	yearForm = regexp.MustCompile(`^(19|20)[0-9]{2}$`)
)

// filter is what a query string may ask for.
type filter struct {
	AsOf   time.Time       // ?as_of=AAAA-MM-DD, zero when not asked for
	Loaded clock.LoadPoint // ?as_of_carga=, zero when not asked for
	Year   int             // ?anio=AAAA, 0 when not asked for
	Lang   string          // ?lang=es|en
}

// parseFilter reads the query of a request strictly: a parameter that the route
// does not name, one that is repeated, or a value of another form is
// errBadQuery.
func parseFilter(r *http.Request, allowed []string) (filter, error) {
	f := filter{Lang: "es"}
	if len(r.URL.RawQuery) > maxQuery {
		return f, errBadQuery
	}
	q, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return f, errBadQuery
	}
	for name, values := range q {
		if len(values) != 1 || !slices.Contains(allowed, name) || !utf8.ValidString(values[0]) {
			return f, errBadQuery
		}
		if err := f.set(name, values[0]); err != nil {
			return f, err
		}
	}
	return f, nil
}

func (f *filter) set(name, value string) error {
	switch name {
	case "as_of":
		day, err := time.Parse(time.DateOnly, value)
		if !dayForm.MatchString(value) || err != nil || day.Year() < 1900 || day.Year() > 2999 {
			return errBadQuery
		}
		f.AsOf = day
	case "as_of_carga":
		p, err := clock.ParseLoadPoint(value)
		if err != nil {
			return errBadQuery
		}
		f.Loaded = p
	case "anio":
		if !yearForm.MatchString(value) {
			return errBadQuery
		}
		f.Year, _ = strconv.Atoi(value)
	case "lang":
		if value != "es" && value != "en" {
			return errBadQuery
		}
		f.Lang = value
	default:
		return errBadQuery
	}
	return nil
}

// query writes the filter back in one canonical form, "" when it asks for
// nothing. Keys of the page cache and links within the site use it.
func (f filter) query() string {
	q := url.Values{}
	if f.Year != 0 {
		q.Set("anio", strconv.Itoa(f.Year))
	}
	if !f.AsOf.IsZero() {
		q.Set("as_of", f.AsOf.Format(time.DateOnly))
	}
	if !f.Loaded.IsZero() {
		q.Set("as_of_carga", f.Loaded.String())
	}
	if f.Lang == "en" {
		q.Set("lang", "en")
	}
	if len(q) == 0 {
		return ""
	}
	return "?" + strings.ReplaceAll(q.Encode(), "%3A", ":") // a query may hold colons as they are
}

// clocks is the filter without what only pages ask for: addresses that programs
// read keep the two clocks.
func (f filter) clocks() filter { return filter{AsOf: f.AsOf, Loaded: f.Loaded, Lang: "es"} }
