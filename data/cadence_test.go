package data_test

import (
	"slices"
	"testing"
	"time"

	"github.com/gttim/cauce/data"
)

func day(tb testing.TB, s string) time.Time {
	tb.Helper()
	d, err := time.Parse(time.DateOnly, s)
	if err != nil {
		tb.Fatal(err)
	}
	return d
}

func TestCadenceDueDate(t *testing.T) {
	bulletin := data.Cadence{Every: "mes", DueDay: 7, MonthsAfter: 2}
	for _, tt := range []struct {
		name string
		c    data.Cadence
		end  string
		want string
	}{
		{"day 7 of month M+2", bulletin, "2024-11-30", "2025-01-07"},
		{"over the year", bulletin, "2024-12-31", "2025-02-07"},
		{"grace", data.Cadence{Every: "mes", DueDay: 20, MonthsAfter: 1, GraceDays: 15}, "2025-01-31", "2025-03-07"},
		{"day 31 of February", data.Cadence{Every: "mes", DueDay: 31, MonthsAfter: 1}, "2024-01-31", "2024-02-29"},
		{"same month", data.Cadence{Every: "anio", DueDay: 31}, "2024-12-31", "2024-12-31"},
		{"quarter", data.Cadence{Every: "trimestre", DueDay: 15, MonthsAfter: 1}, "2025-03-31", "2025-04-15"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, ok := tt.c.DueDate(day(t, tt.end))
			if !ok || !got.Equal(day(t, tt.want)) {
				t.Errorf("due %v %v, want %s", got, ok, tt.want)
			}
		})
	}
	for _, c := range []data.Cadence{{}, {Every: "ninguna", DueDay: 7}} {
		if _, ok := c.DueDate(day(t, "2024-12-31")); ok {
			t.Errorf("%+v has a due date", c)
		}
	}
}

func TestCadenceNextExpected(t *testing.T) {
	for _, tt := range []struct{ every, last, want string }{
		{"mes", "2025-01-31", "2025-02-28"},
		{"mes", "2024-01-31", "2024-02-29"},
		{"mes", "2025-06-03", "2025-06-30"},
		{"mes", "2024-12-31", "2025-01-31"},
		{"trimestre", "2025-03-31", "2025-06-30"},
		{"trimestre", "2025-02-28", "2025-03-31"},
		{"trimestre", "2025-12-31", "2026-03-31"},
		{"anio", "2024-12-31", "2025-12-31"},
		{"anio", "2025-07-31", "2025-12-31"},
	} {
		got, ok := data.Cadence{Every: tt.every}.NextExpected(day(t, tt.last))
		if !ok || !got.Equal(day(t, tt.want)) {
			t.Errorf("%s after %s: %v %v, want %s", tt.every, tt.last, got, ok, tt.want)
		}
	}
	if _, ok := (data.Cadence{Every: "mes"}).NextExpected(time.Time{}); ok {
		t.Error("a dataset without reports expects a period")
	}
}

func TestCadenceOverdue(t *testing.T) {
	c := data.Cadence{Every: "mes", DueDay: 7, MonthsAfter: 2}
	last := day(t, "2024-11-30") // December is next, due on 7 February 2025
	mx := data.MexicoCity()
	for _, tt := range []struct {
		now  time.Time
		want time.Duration
	}{
		{time.Date(2025, 2, 7, 23, 59, 59, 0, mx), 0},
		{time.Date(2025, 2, 8, 0, 0, 0, 0, mx), 0},
		{time.Date(2025, 2, 8, 0, 0, 1, 0, mx), time.Second},
		{time.Date(2025, 2, 8, 5, 0, 0, 0, time.UTC), 0},
		{time.Date(2025, 2, 9, 6, 0, 0, 0, time.UTC), 24 * time.Hour},
	} {
		if got := c.Overdue(tt.now, last); got != tt.want {
			t.Errorf("at %v: %v, want %v", tt.now, got, tt.want)
		}
	}
	if got := (data.Cadence{Every: "ninguna", DueDay: 7}).Overdue(time.Now(), last); got != 0 {
		t.Errorf("no cadence, yet late by %v", got)
	}
	if got := c.Overdue(time.Now(), time.Time{}); got != 0 {
		t.Errorf("no report, yet late by %v", got)
	}
}

// Of the events of a month one report is expected, in whichever form.
func TestExpected(t *testing.T) {
	got := mustLoad(t).Expected()
	if want := []string{"upmrip-eventos", "upmrip-boletin-311", "upmrip-eventos-registro"}; !slices.Equal(got["upmrip-eventos"], want) {
		t.Errorf("forms of upmrip-eventos: %v", got["upmrip-eventos"])
	}
	for _, form := range []string{"upmrip-boletin-311", "upmrip-eventos-registro"} {
		if got[form] != nil {
			t.Errorf("%s is expected on its own: %v", form, got[form])
		}
	}
}

func TestDay(t *testing.T) {
	if got := data.Day(time.Date(2025, 1, 1, 5, 59, 0, 0, time.UTC)); !got.Equal(day(t, "2024-12-31")) {
		t.Errorf("day in Mexico City: %v", got)
	}
}
