package acceptance

import (
	"encoding/csv"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// roundedTotals reads from the shipped reports the totals of the events that their
// sources print rounded, by period.
func roundedTotals(t *testing.T) map[string]float64 {
	t.Helper()
	files, err := filepath.Glob("../data/reports/cifras-publicadas/*.csv")
	if err != nil || len(files) == 0 {
		t.Fatal(len(files), err)
	}
	out := map[string]float64{}
	for _, file := range files {
		f, err := os.Open(file)
		if err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(f).ReadAll()
		f.Close()
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range rows[1:] {
			if r[0] != "upmrip_eventos_smi" || r[3] != "total" || r[6] != "1" {
				continue
			}
			x, err := strconv.ParseFloat(r[5], 64)
			if err != nil {
				t.Fatal(err)
			}
			out[r[1]+"/"+r[2]] = x
		}
	}
	return out
}

// A figure that its source rounds is an interval around it and estimated, on the
// page and in the API, and so is what is computed from it; no other figure is.
func TestMarks_rounded(t *testing.T) {
	s := mustFirst(t)
	rounded := roundedTotals(t)
	if len(rounded) == 0 {
		t.Fatal("no rounded figure is shipped")
	}
	for _, v := range s.indicator(t, "eventos_irregulares", "").Values {
		x, is := rounded[v.From[:7]+"/"+v.To[:7]]
		switch {
		case is && (v.Interval == nil || v.Status != "estimado" || *v.Value != x || v.Interval[0] >= x || v.Interval[1] <= x):
			t.Errorf("its source rounds it: %s", &v)
		case !is && (v.Interval != nil || v.Status == "estimado"):
			t.Errorf("its source does not round it: %s", &v)
		}
	}
	page := s.get(t, "/indicadores/eventos_irregulares")
	for _, text := range []string{"≈\u00a084,000", "entre 83,500 y 84,500", "cifras que la fuente publica redondeadas"} {
		if !strings.Contains(page, text) {
			t.Errorf("the page lacks %q", text)
		}
	}
	shares := s.indicator(t, "composicion_por_entidad", "")
	v := shares.must(t, "2024-01-01", "2024-12-31", "entidad", "27")
	if v.Status != "estimado" || v.Interval == nil || !near(v.Interval[0], 627500.0/1234698*100) || !near(v.Interval[1], 628500.0/1234698*100) {
		t.Errorf("the share of a rounded part is an interval too: %s", v)
	}
	if v := shares.must(t, "2025-01-01", "2025-12-31", "entidad", "27"); v.Interval != nil {
		t.Errorf("exact parts have exact shares: %s", v)
	}
}

// Part of a year is marked as such and never set against a whole one.
func TestMarks_partialYears(t *testing.T) {
	s := mustFirst(t)
	whole := func(from, to string) bool {
		return strings.HasSuffix(from, "-01-01") && strings.HasSuffix(to, "-12-31")
	}
	years := map[string]float64{}
	for _, v := range s.indicator(t, "eventos_irregulares", "").Values {
		from, err := time.Parse(time.DateOnly, v.From)
		if err != nil {
			t.Fatal(err)
		}
		month := v.To == from.AddDate(0, 1, -from.Day()).Format(time.DateOnly)
		if partial := v.Attributes["parcial"] == true; partial == (whole(v.From, v.To) || month) {
			t.Errorf("marked as partial: %v, %s", partial, &v)
		}
		if whole(v.From, v.To) {
			years[v.From[:4]] = *v.Value
		}
	}
	for _, v := range s.indicator(t, "variacion_anual_eventos", "").Values {
		year, err := strconv.Atoi(v.From[:4])
		if err != nil {
			t.Fatal(err)
		}
		base, known := years[strconv.Itoa(year-1)]
		if !whole(v.From, v.To) || !known || v.Denominator == nil || *v.Denominator != base || *v.Numerator != years[v.From[:4]] {
			t.Errorf("a change between other than whole years: %s", &v)
		}
		if v.Break != (year == 2021) {
			t.Errorf("the break of 2021: %s", &v)
		}
	}
	for _, page := range []string{"/procuracion", "/"} {
		if body := s.get(t, page); strings.Contains(body, formatted(177.0/749*100-100)) {
			t.Errorf("%s sets January to July 2025 against the whole of 2024", page)
		}
	}
	if body := s.get(t, "/procuracion"); !strings.Contains(body, "enero–julio de 2025") {
		t.Error("/procuracion does not say that 2025 is January to July")
	}
}

// formatted is a change in percent as pages write it, without its sign.
func formatted(x float64) string { return strconv.FormatFloat(math.Abs(x), 'f', 2, 64) }

// What is preliminary and what was revised says so, on the page and in the API,
// and what is computed from it too.
func TestMarks_preliminaryAndRevised(t *testing.T) {
	s := mustFirst(t)
	for _, x := range []struct{ indicator, asOf, from, to, status string }{
		{"eventos_irregulares", "", "2024-01-01", "2024-12-31", "preliminar"},
		{"variacion_anual_eventos", "", "2024-01-01", "2024-12-31", "preliminar"},
		{"variacion_anual_eventos", "", "2025-01-01", "2025-12-31", "preliminar"},
		{"eventos_irregulares", "", "2018-01-01", "2018-12-31", "revisado"},
		{"eventos_irregulares", "2020-01-31", "2018-01-01", "2018-12-31", "preliminar"},
		{"eventos_irregulares", "", "2024-01-01", "2024-04-30", "revisado"},
		{"eventos_irregulares", "2024-07-31", "2024-01-01", "2024-04-30", "definitivo"},
		{"eventos_irregulares", "", "2025-01-01", "2025-01-31", "revisado"},
		{"variacion_anual_eventos", "", "2019-01-01", "2019-12-31", "revisado"},
		{"eventos_irregulares", "", "2022-01-01", "2022-12-31", "definitivo"},
	} {
		if v := s.indicator(t, x.indicator, x.asOf).must(t, x.from, x.to); v.Status != x.status {
			t.Errorf("%s as of %q is %s, want %s: %s", x.indicator, x.asOf, v.Status, x.status, v)
		}
	}
	page := s.get(t, "/indicadores/eventos_irregulares")
	for _, mark := range []string{`sello sello-preliminar">Preliminar`, `sello sello-revisado">Revisado`, `sello sello-estimado">Estimado`} {
		if !strings.Contains(page, mark) {
			t.Errorf("the page lacks %s", mark)
		}
	}
}
