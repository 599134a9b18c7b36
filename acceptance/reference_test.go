package acceptance

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/gttim/cauce/internal/reference"
)

// publishedOn is the calendar day, in Mexico City, of what a server shows.
func (s *server) publishedOn(t *testing.T) time.Time {
	t.Helper()
	list := decode[struct {
		At time.Time `json:"publicado_en"`
	}](t, s.get(t, "/api/v1/indicadores"))
	zone, err := time.LoadLocation("America/Mexico_City")
	if err != nil {
		t.Fatal(err)
	}
	day, err := time.Parse(time.DateOnly, list.At.In(zone).Format(time.DateOnly))
	if err != nil {
		t.Fatal(err)
	}
	return day
}

// figures reads an indicator as the second computation gives it.
func (s *server) figures(t *testing.T, id, asOf string) []reference.Value {
	t.Helper()
	path := "/api/v1/indicadores/" + id
	if asOf != "" {
		path += "?as_of=" + asOf
	}
	values, err := reference.Published(strings.NewReader(s.get(t, path)))
	if err != nil {
		t.Fatal(err)
	}
	return values
}

// Every value of every indicator, computed a second time from the shipped files by
// code that shares nothing with the program, is the published one, today and as
// of earlier days; none is missing and none is extra.
func TestReference_shipped(t *testing.T) {
	s := mustFirst(t)
	today := s.publishedOn(t)
	reports, err := reference.Read(os.DirFS("../data"), today)
	if err != nil {
		t.Fatal(err)
	}
	days := []string{"", "2018-12-31", "2021-12-31", "2022-12-31", "2024-07-31", "2025-06-03", "2025-06-30", "2026-02-28"}
	for _, day := range days {
		asOf := time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC)
		if day != "" {
			if asOf, err = time.Parse(time.DateOnly, day); err != nil {
				t.Fatal(err)
			}
		}
		n := 0
		for _, id := range s.indicators(t) {
			computed, err := reports.Values(id, asOf)
			if err != nil {
				t.Fatal(err)
			}
			n += len(computed)
			if differ := reference.Compare(computed, s.figures(t, id, day)); len(differ) > 0 {
				t.Errorf("%s as of %q: %d values differ\n%s", id, day, len(differ), strings.Join(differ[:min(len(differ), 8)], "\n"))
			}
		}
		t.Logf("as of %q: %d values", day, n)
	}
}

// The same on the clock of loading: what Cauce gave when it had loaded the first
// files alone, whether or not the agencies had published more by then.
func TestReference_shippedAsOfLoad(t *testing.T) {
	s := mustFirst(t)
	reports, err := reference.Read(os.DirFS("../data"), s.publishedOn(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, load := range []int{1, 11, 20, 33, 42, 49} {
		early, n := reports.Until(load), 0
		for _, id := range s.indicators(t) {
			computed, err := early.Values(id, time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC))
			if err != nil {
				t.Fatal(err)
			}
			n += len(computed)
			shown, err := reference.Published(strings.NewReader(s.get(t, fmt.Sprintf("/api/v1/indicadores/%s?as_of_carga=%d", id, load))))
			if err != nil {
				t.Fatal(err)
			}
			if differ := reference.Compare(computed, shown); len(differ) > 0 {
				t.Errorf("%s as of load %d: %d values differ\n%s", id, load, len(differ), strings.Join(differ[:min(len(differ), 8)], "\n"))
			}
		}
		t.Logf("as of load %d: %d values", load, n)
	}
}

// A generated register of events, counted from its file.
func TestReference_register(t *testing.T) {
	dir := t.TempDir()
	file, home := filepath.Join(dir, "eventos.csv"), mustSeeded(t)
	cauce(t, 0, "generate", "--rows", "200000", "--shuffle", "--out", file)
	cauce(t, 0, "ingest", "--dir", home, "--dataset", "upmrip-eventos-registro", "--allow-synthetic", "--published", "2026-08-31", file)
	s := mustServe(t, home)
	reports, err := reference.Read(os.DirFS("../data"), s.publishedOn(t))
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := reports.AddEvents(f, "2026-08-31"); err != nil {
		t.Fatal(err)
	}
	for _, day := range []string{"", "2026-08-30"} {
		asOf := time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC)
		if day != "" {
			if asOf, err = time.Parse(time.DateOnly, day); err != nil {
				t.Fatal(err)
			}
		}
		for _, id := range reference.OfEvents {
			computed, err := reports.Values(id, asOf)
			if err != nil {
				t.Fatal(err)
			}
			differ := reference.Compare(computed, s.figures(t, id, day))
			if len(differ) > 0 {
				t.Errorf("%s as of %q: %d of %d values differ\n%s", id, day, len(differ), len(computed), strings.Join(differ[:min(len(differ), 8)], "\n"))
			}
			t.Logf("%s as of %q: %d values", id, day, len(computed))
		}
	}
}
