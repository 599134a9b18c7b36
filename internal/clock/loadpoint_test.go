package clock_test

import (
	"errors"
	"testing"
	"time"

	"github.com/gttim/cauce/internal/clock"
)

func TestParseLoadPoint(t *testing.T) {
	moment := time.Date(2026, 11, 28, 17, 4, 3, 0, time.UTC)
	for _, tt := range []struct {
		text, back string
		want       clock.LoadPoint
	}{
		{"12", "12", clock.LoadPoint{Load: 12}},
		{"2026-11-28T17:04:03Z", "2026-11-28T17:04:03Z", clock.LoadPoint{Moment: moment}},
		{"2026-11-28T11:04:03-06:00", "2026-11-28T17:04:03Z", clock.LoadPoint{Moment: moment}},
		{"2026-11-28", "2026-11-28", clock.LoadPoint{Moment: time.Date(2026, 11, 29, 6, 0, 0, -1, time.UTC), Day: true}},
		// In April 2022 the capital changed its clocks: the day had 23 hours.
		{"2022-04-03", "2022-04-03", clock.LoadPoint{Moment: time.Date(2022, 4, 4, 5, 0, 0, -1, time.UTC), Day: true}},
	} {
		got, err := clock.ParseLoadPoint(tt.text)
		if err != nil || got != tt.want || got.String() != tt.back {
			t.Errorf("%q is %+v, written %q: %v", tt.text, got, got, err)
		}
		if again, err := clock.ParseLoadPoint(got.String()); err != nil || again != got {
			t.Errorf("%q read back is %+v: %v", got, again, err)
		}
	}
	for _, bad := range []string{"", "0", "-1", "+1", "01", "1.0", "12 ", "1234567890", "ayer", "2026-02-30", "2026-13-01", "2026-1-1", "26-01-01", "1899-12-01", "9999-12-31",
		"2026-11-28T17:04:03", "2026-11-28 17:04:03Z", "2026-11-28T25:00:00Z", "2026-11-28T17:04:03.5Z", "2026-11-28T17:04Z", "١٢", "12;1"} {
		if got, err := clock.ParseLoadPoint(bad); !errors.Is(err, clock.ErrLoadPoint) || !got.IsZero() {
			t.Errorf("%q is %+v: %v", bad, got, err)
		}
	}
	if s := (clock.LoadPoint{}).String(); s != "" {
		t.Errorf("nothing asked for is written %q", s)
	}
}
