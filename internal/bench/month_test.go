package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/gttim/cauce/data"
	"github.com/gttim/cauce/ingest"
	"github.com/gttim/cauce/internal/pipeline"
	"github.com/gttim/cauce/internal/warehouse"
)

// Whatever the day of the run, a month's files are accepted without a problem,
// recognised by their headers as the command does, and published in order.
func TestMonth_accepted(t *testing.T) {
	decls, err := data.Load("")
	if err != nil {
		t.Fatal(err)
	}
	templates, err := fs.Glob(monthTemplates, "month/*")
	if err != nil || len(templates) != len(monthOrder()) {
		t.Fatalf("%d templates for %d datasets: %v", len(templates), len(monthOrder()), err)
	}
	for _, c := range []struct{ run, month string }{
		{"2026-11-28", "2026-10"},
		{"2027-01-05", "2026-11"}, // on the first of the twelve days December was not over
		{"2027-01-12", "2026-12"},
		{"2028-03-01", "2028-01"},
	} {
		t.Run(c.run, func(t *testing.T) {
			day := on(t, c.run)
			b := bench{decls: decls, dir: t.TempDir()}
			files, err := b.month(day)
			if err != nil {
				t.Fatal(err)
			}
			results := judged(t, day, files)
			for i, r := range results {
				dataset := monthOrder()[i]
				if r.Outcome != warehouse.Accepted || r.ProblemCount != 0 || r.Load.Accepted == 0 {
					t.Errorf("%s: %s, %d rows accepted: %v", r.Name, r.Outcome, r.Load.Accepted, r.Problems)
				}
				if r.Report.Dataset != dataset || r.Name != dataset+"-"+c.month+".csv" {
					t.Errorf("file %d is %s of %s, want %s of %s", i, r.Name, r.Report.Dataset, dataset, c.month)
				}
				if want := day.AddDate(0, 0, i+1-len(files)); !r.Report.PublishedOn.Equal(want) {
					t.Errorf("%s was published on %v, want %v", r.Name, r.Report.PublishedOn, want)
				}
				if r.Report.PublishedBasis == ingest.BasisArrival {
					t.Errorf("%s does not tell the day of its publication", r.Name)
				}
			}
		})
	}
}

// A year of months ends with the last that is over; each file tells that it was
// published on the day after its month.
func TestMonths_endWithTheLastThatIsOver(t *testing.T) {
	decls, err := data.Load("")
	if err != nil {
		t.Fatal(err)
	}
	b := bench{decls: decls, dir: t.TempDir()}
	files, err := b.months(12, on(t, "2027-01-05"))
	if err != nil {
		t.Fatal(err)
	}
	if len(files) != 12 {
		t.Fatalf("files %v", files)
	}
	for i, path := range files {
		month := time.Date(2026, time.Month(1+i), 1, 0, 0, 0, 0, time.UTC)
		if want := "upmrip-eventos-" + month.Format("2006-01") + ".csv"; filepath.Base(path) != want {
			t.Errorf("file %d is %s, want %s", i, path, want)
		}
		side, err := os.ReadFile(path + ".meta.yml")
		if want := "publicado_en: " + month.AddDate(0, 1, 0).Format(time.DateOnly) + "\n"; err != nil || !strings.HasPrefix(string(side), want) {
			t.Errorf("beside %s: %q, want %q: %v", path, side, want, err)
		}
	}
}

func TestDelivery_daysOfEveryMonth(t *testing.T) {
	d := delivery{month: on(t, "2027-02-01")}
	if day, err := d.Day(28); err != nil || day != "2027-02-28" || d.LastDay() != day {
		t.Errorf("day %q, last %q: %v", day, d.LastDay(), err)
	}
	for _, n := range []int{0, 29} {
		if day, err := d.Day(n); err == nil {
			t.Errorf("day %d is %s", n, day)
		}
	}
}

func on(t *testing.T, day string) time.Time {
	t.Helper()
	out, err := time.Parse(time.DateOnly, day)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// judged gives what the gate says of each file at noon of a day.
func judged(t *testing.T, day time.Time, files []string) []ingest.Result {
	t.Helper()
	var deliveries []ingest.Delivery
	for _, path := range files {
		deliveries = append(deliveries, ingest.Delivery{Path: path, Name: filepath.Base(path)})
	}
	noon := func() time.Time { return day.Add(18 * time.Hour) } // of Mexico City
	results, err := pipeline.CheckFiles(t.Context(), pipeline.Options{Now: noon, Limits: ingest.DefaultLimits()}, deliveries, "")
	if err != nil {
		t.Fatal(err)
	}
	if len(results) != len(files) {
		t.Fatalf("%d files, %d results", len(files), len(results))
	}
	return results
}
