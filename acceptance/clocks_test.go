package acceptance

import (
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// at reads an indicator on both clocks; "" for the newest.
func (s *server) at(tb testing.TB, id, asOf, loaded string) document {
	tb.Helper()
	return decode[document](tb, s.get(tb, "/api/v1/indicadores/"+id+clocks(asOf, loaded)))
}

func clocks(asOf, loaded string) string {
	var q []string
	if asOf != "" {
		q = append(q, "as_of="+asOf)
	}
	if loaded != "" {
		q = append(q, "as_of_carga="+loaded)
	}
	if len(q) == 0 {
		return ""
	}
	return "?" + strings.Join(q, "&")
}

// What the agencies had published and what Cauce had loaded are two questions:
// the series known to be revised answer both, each with its own number.
func TestClocks_revisedSeries(t *testing.T) {
	s := mustFirst(t)
	loadOf := map[string]int{}
	for _, l := range s.loads(t, "cifras-publicadas") {
		loadOf[l.File] = l.ID
	}
	type period struct{ from, to string }
	var (
		y2018 = period{"2018-01-01", "2018-12-31"}
		y2019 = period{"2019-01-01", "2019-12-31"}
		early = period{"2024-01-01", "2024-04-30"}
		jan   = period{"2025-01-01", "2025-01-31"}
		feb   = period{"2025-02-01", "2025-02-28"}
	)
	for _, tt := range []struct {
		period
		first, last   string // the reports that brought both figures
		asOf          string // a day between both publications
		from          string // the day of the second
		before, after float64
	}{
		{y2018, "2019-05-diario-el-mundo.csv", "2020-02-milenio.csv", "2020-01-31", "2020-02-29", 138612, 131445},
		{y2019, "2020-02-milenio.csv", "2024-03-proceso-digital.csv", "2024-03-30", "2024-03-31", 186750, 182940},
		{early, "2024-06-buzos.csv", "2025-06-sintesis.csv", "2024-07-31", "2025-06-30", 481025, 465191},
		{jan, "2025-08-la-razon.csv", "2026-01-la-jornada.csv", "2026-01-30", "2026-01-31", 63457, 64281},
		{feb, "2025-08-la-razon.csv", "2026-01-la-jornada.csv", "2026-01-30", "2026-01-31", 24327, 24359},
	} {
		t.Run(fmt.Sprintf("%s_%v", tt.from, tt.before), func(t *testing.T) {
			first, last := loadOf[tt.first], loadOf[tt.last]
			if first == 0 || last <= first {
				t.Fatalf("loads %d and %d", first, last)
			}
			for _, state := range []struct {
				asOf, loaded string
				want         float64
			}{
				{"", "", tt.after}, {tt.asOf, "", tt.before}, {tt.from, "", tt.after},
				{"", strconv.Itoa(first), tt.before}, {"", strconv.Itoa(last - 1), tt.before}, {"", strconv.Itoa(last), tt.after},
				{tt.asOf, strconv.Itoa(last), tt.before},     // loaded, and not yet published by then
				{tt.from, strconv.Itoa(last - 1), tt.before}, // published, and not yet loaded by then
				{tt.from, strconv.Itoa(last), tt.after},
			} {
				d := s.at(t, "eventos_irregulares", state.asOf, state.loaded)
				if v := d.must(t, tt.period.from, tt.period.to); *v.Value != state.want {
					t.Errorf("as_of %q, as_of_carga %q: %v, want %v", state.asOf, state.loaded, *v.Value, state.want)
				}
				if state.asOf == "" || state.loaded == "" {
					continue
				}
				args := []string{"trace", "eventos_irregulares", "--period", tt.period.from + "/" + tt.period.to, "--dir", s.home, "--as-of", state.asOf, "--as-of-carga", state.loaded}
				if out := cauce(t, 0, args...).stdout; !strings.Contains(out, fmt.Sprintf("valor:        %.0f (eventos)", state.want)) {
					t.Errorf("%q:\n%s", args, out)
				}
			}
			for _, loaded := range []string{strconv.Itoa(first), strconv.Itoa(last)} {
				if v := s.at(t, "eventos_irregulares", "1990-01-01", loaded).find(tt.period.from, tt.period.to); v != nil {
					t.Errorf("published by 1990: %s", v)
				}
			}
			if first > 1 {
				if v := s.at(t, "eventos_irregulares", "", strconv.Itoa(first-1)).find(tt.period.from, tt.period.to); v != nil && *v.Value == tt.before && v.Reports[0] == first {
					t.Errorf("loaded before its load: %s", v)
				}
			}
		})
	}
}

// Every indicator, page and document stands on both clocks and says so.
func TestClocks_everywhere(t *testing.T) {
	s := mustFirst(t)
	loads := s.loads(t, "")
	newest := loads[0].ID
	for _, id := range s.indicators(t) {
		now := decode[map[string]any](t, s.get(t, "/api/v1/indicadores/"+id))
		same := decode[map[string]any](t, s.get(t, "/api/v1/indicadores/"+id+"?as_of_carga="+strconv.Itoa(newest)))
		if fmt.Sprint(now["valores"]) != fmt.Sprint(same["valores"]) {
			t.Errorf("%s: the newest load does not give what is in force", id)
		}
		if now["as_of_carga"] != nil || same["as_of_carga"] != float64(newest) {
			t.Errorf("%s: as_of_carga is %v and %v", id, now["as_of_carga"], same["as_of_carga"])
		}
		for _, v := range s.at(t, id, "", "20").Values {
			for _, r := range v.Reports {
				if r > 20 {
					t.Errorf("%s at load 20 stands on report %d", id, r)
				}
			}
		}
	}
	for _, page := range []string{"/", "/eventos", "/mesa", "/procuracion", "/plan", "/rutas", "/publicaciones", "/conciliacion", "/guia", "/hoja-de-ruta", "/indice",
		"/indicadores", "/indicadores/eventos_irregulares", "/datos", "/acerca"} {
		body := s.get(t, page+"?as_of=2024-07-31&as_of_carga=32")
		for _, want := range []string{"Cifras tal como estaban publicadas al 31 de julio de 2024, según lo que Cauce había cargado hasta la carga 32", `href="/mesa?as_of=2024-07-31&amp;as_of_carga=32"`,
			`<input type="hidden" name="as_of" value="2024-07-31">`, `<input type="hidden" name="as_of_carga" value="32">`} {
			if !strings.Contains(body, want) {
				t.Errorf("%s lacks %s", page, want)
			}
		}
		if m := regexp.MustCompile(`data-grafica="[^"]*"`).FindString(body); m != "" && !strings.Contains(m, "as_of=2024-07-31&amp;as_of_carga=32") {
			t.Errorf("%s draws %s", page, m)
		}
	}
	if got := len(decode[struct {
		All []load `json:"cargas"`
	}](t, s.get(t, "/api/v1/cargas?as_of_carga=7")).All); got != 7 {
		t.Errorf("%d loads up to the seventh", got)
	}
	for query, want := range map[string]int{
		"as_of_carga=" + strconv.Itoa(newest+1): http.StatusBadRequest, "as_of_carga=0": http.StatusBadRequest, "as_of_carga=ayer": http.StatusBadRequest,
		"as_of_carga=2000-01-01": http.StatusOK, "as_of_carga=2999-12-31": http.StatusOK, "as_of_carga=2000-01-01T00:00:00Z": http.StatusOK, "as_of_carga=2000-01-01T00:00:00-06:00": http.StatusOK,
	} {
		for _, path := range []string{"/eventos?", "/api/v1/indicadores/eventos_irregulares?"} {
			if code, _, err := fetch(s.url + path + query); err != nil || code != want {
				t.Errorf("%s%s: %d, %v, want %d", path, query, code, err, want)
			}
		}
	}
	if d := s.at(t, "eventos_irregulares", "", "2000-01-01"); len(d.Values) != 0 {
		t.Errorf("%d values before the first load", len(d.Values))
	}
	cauce(t, 2, "trace", "eventos_irregulares", "--period", "2024", "--dir", s.home, "--as-of-carga", "ayer")
	cauce(t, 1, "trace", "eventos_irregulares", "--period", "2024", "--dir", s.home, "--as-of-carga", strconv.Itoa(newest+1))
	cauce(t, 1, "trace", "eventos_irregulares", "--period", "2024", "--dir", s.home, "--as-of-carga", "2000-01-01")
}
