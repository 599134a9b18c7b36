package xlsx

import (
	"math"
	"strconv"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
)

func TestNumberText(t *testing.T) {
	for _, c := range []struct {
		raw   string
		f     format
		want  string
		exact bool
	}{
		{"12", general, "12", true},
		{"1234698", general, "1234698", true},
		{"12.0", general, "12", true},
		{"-0", general, "0", true},
		{"0.1", general, "0.1", true},
		{"0.28999999999999998", general, "0.29", true},
		{"0.30000000000000004", general, "0.3", true},
		{"1.2346980000000001E6", general, "1234698", true},
		{"1E-3", general, "0.001", true},
		{"1E+3", general, "1000", true},
		{"12.5", general, "12.5", true},
		{"-12.5", general, "-12.5", true},
		{"123456789012345", general, "123456789012345", true},
		{"1.2345678901234568E+18", general, "1234567890123460000", false},
		{"007", general, "7", true},
		{"no", general, "no", true},
		{"1e400", general, "1e400", true},
		{"0x1F", general, "0x1F", true},
		{"Inf", general, "Inf", true},
		{"0.5985", percent, "59.85%", true},
		{"45488", day, "2024-07-15", true},
		{"45488.5", day, "2024-07-15 12:00:00", true},
		{"45488.999999999", day, "2024-07-16", true},
		{"45474", month, "2024-07", true},
		{"45488", month, "2024-07-15", true},
		{"45292", year, "2024", true},
		{"0.75", timing, "18:00:00", true},
		{"0.75", day, "18:00:00", true},
		{"1.25", timing, "1.25", true},
		{"1", day, "1900-01-01", true},
		{"59", day, "1900-02-28", true},
		{"60", day, "1900-02-29", true},
		{"61", day, "1900-03-01", true},
		{"2958465", day, "9999-12-31", true},
		{"2958465.9999999", day, "2958465.9999999", true},
		{"2958466", day, "2958466", true},
		{"-1", day, "-1", true},
	} {
		if got, exact := numberText(c.raw, c.f, false); got != c.want || exact != c.exact {
			t.Errorf("%s as %d: %q %v, want %q %v", c.raw, c.f, got, exact, c.want, c.exact)
		}
	}
	if got, _ := numberText("44026", day, true); got != "2024-07-15" {
		t.Errorf("from 1904: %q", got)
	}
}

// Every day that a sheet can hold, against excelize's own reckoning.
func TestDateText_everyDay(t *testing.T) {
	for serial := 61; serial <= lastSerial; serial += 7 {
		want, err := excelize.ExcelDateToTime(float64(serial), false)
		if err != nil {
			t.Fatal(err)
		}
		if got, ok := dateText(float64(serial), day, false); !ok || got != want.Format(time.DateOnly) {
			t.Fatalf("day %d is %q, want %s", serial, got, want)
		}
	}
}

func TestFormatOf(t *testing.T) {
	for code, want := range map[string]format{
		"General": general, "0": general, "#,##0": general, "0.00E+00": general, "@": general, `"dd"0`: general, `\d0`: general,
		"[Red]0": general, "0%": percent, "0.00 %": percent, "[$-80A]0": general, "0_d": general,
		"yyyy-mm-dd": day, "dd/mm/yyyy": day, `[$-80A]d "de" mmmm "de" yyyy;@`: day, "d-mmm": day, "mmmm": day, "m/d/yy h:mm": day,
		"yyyy-mm": month, "mmm-yy": month, "yyyy": year,
		"h:mm": timing, "mm:ss": timing, "[h]:mm:ss": timing, "[mm]": timing, "h:mm AM/PM": timing, "": general, "[": general, `"`: general, `\`: general,
	} {
		if got := formatOf(code); got != want {
			t.Errorf("%q is %d, want %d", code, got, want)
		}
	}
}

func TestUnescape(t *testing.T) {
	for s, want := range map[string]string{
		"a_x000D_b": "a\rb", "_x005F_x000D_": "_x000D_", "a_xzzzz_": "a_xzzzz_", "_x": "_x", "_xD800_": "_xD800_", "a_x000A": "a_x000A", "": "",
	} {
		if got := unescape(s); got != want {
			t.Errorf("%q gives %q, want %q", s, got, want)
		}
	}
}

func FuzzNumber(f *testing.F) {
	for _, s := range []string{"1", "1e3", "0.29", "-1.5E-7", "1234567890123456", "", "x"} {
		f.Add(s, uint8(0))
		f.Add(s, uint8(2))
	}
	f.Fuzz(func(t *testing.T, raw string, kind uint8) {
		got, _ := numberText(raw, format(kind%6), false)
		x, ok := parse(raw)
		if kind%6 != 0 || !ok {
			return
		}
		back, err := strconv.ParseFloat(got, 64)
		if err != nil || math.Abs(back-x) > math.Abs(x)*1e-14 {
			t.Fatalf("%q gives %q", raw, got)
		}
	})
}
