package dashboard

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// FuzzFilter holds that a query either is refused or means the same when it is
// written back, and that what is written back needs no escape.
func FuzzFilter(f *testing.F) {
	for _, q := range []string{"", "as_of=2024-02-29", "anio=2024&lang=en", "lang=es", "as_of=2024-02-30", "x=1", "lang=en&lang=en", "as_of=%00", "a;b", "%zz", "as_of_carga=12", "as_of_carga=2026-11-28&as_of=2024-01-01", "as_of_carga=2026-11-28T17:04:03Z", "as_of_carga=2026-11-28T11:04:03-06:00"} {
		f.Add(q)
	}
	allowed := []string{"as_of", "as_of_carga", "lang", "anio"}
	f.Fuzz(func(t *testing.T, query string) {
		got, err := parseFilter(&http.Request{URL: &url.URL{RawQuery: query}}, allowed)
		if err != nil {
			return
		}
		back := strings.TrimPrefix(got.query(), "?")
		again, err := parseFilter(&http.Request{URL: &url.URL{RawQuery: back}}, allowed)
		if err != nil || again != got {
			t.Errorf("%q is %+v, written back %q is %+v: %v", query, got, back, again, err)
		}
		if strings.ContainsAny(back, "%<>\"' ") {
			t.Errorf("%q is written back as %q", query, back)
		}
	})
}
