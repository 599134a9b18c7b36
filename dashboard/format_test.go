package dashboard

import (
	"testing"
	"time"
)

func date(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 0, 0, 0, 0, time.UTC) }

func TestFormatNumber(t *testing.T) {
	for _, tt := range []struct {
		x        float64
		decimals int
		want     string
	}{
		{1234698, 0, "1,234,698"}, {57.854293662807, 2, "57.85"}, {0, 0, "0"}, {999, 0, "999"}, {1000, 0, "1,000"}, {-1234.5, 1, "−1,234.5"},
		{-0.001, 2, "0.00"}, {999999.999, 2, "1,000,000.00"}, {4.0675, 2, "4.07"},
	} {
		if got := formatNumber(tt.x, tt.decimals); got != tt.want {
			t.Errorf("%v with %d decimals: %q, want %q", tt.x, tt.decimals, got, tt.want)
		}
	}
	if got := formatValue(nil, "eventos", 0); got != missing {
		t.Errorf("no value is %q", got)
	}
	up, down := 57.85, -87.39
	if formatChange(&up) != "+57.85\u00a0%" || formatChange(&down) != "−87.39\u00a0%" {
		t.Errorf("changes %q %q", formatChange(&up), formatChange(&down))
	}
}

func TestFormatDates(t *testing.T) {
	day := date(2026, 2, 28)
	for precision, want := range map[string]string{"dia": "28 de febrero de 2026", "mes": "febrero de 2026", "anio": "2026"} {
		if got := formatDated(day, precision); got != want {
			t.Errorf("%s: %q", precision, got)
		}
	}
	for want, p := range map[string][2]time.Time{
		"2024":                               {date(2024, 1, 1), date(2024, 12, 31)},
		"febrero de 2024":                    {date(2024, 2, 1), date(2024, 2, 29)},
		"enero–abril de 2024":                {date(2024, 1, 1), date(2024, 4, 30)},
		"diciembre de 2018 a agosto de 2022": {date(2018, 12, 1), date(2022, 8, 31)},
		"3 de junio de 2025":                 {date(2025, 6, 3), date(2025, 6, 3)},
		"1 de enero de 2022 a 28 de diciembre de 2022": {date(2022, 1, 1), date(2022, 12, 28)},
	} {
		if got := formatPeriod(p[0], p[1]); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestAddress(t *testing.T) {
	for source, want := range map[string]string{
		"https://www.example.org/a": "https://www.example.org/a", "minuta": "", "javascript:alert(1)": "", "//example.org": "", "ftp://example.org/x": "",
	} {
		if got := address(source); got != want {
			t.Errorf("%s: %q, want %q", source, got, want)
		}
	}
}
