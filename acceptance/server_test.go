package acceptance

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"path/filepath"
	"reflect"
	"strings"
	"syscall"
	"testing"
)

// server is a running `cauce serve`.
type server struct {
	*process
	home, url string
}

// startServe starts serve on a free port and waits until it is ready.
func startServe(program, home string, flags ...string) (*server, error) {
	p, err := start(program, append([]string{"serve", "--dir", home, "--listen", "127.0.0.1:0"}, flags...)...)
	if err != nil {
		return nil, err
	}
	s := &server{process: p, home: home}
	if s.url, err = p.says(`msg=listening address=(\S+)`); err == nil {
		err = wait("readiness", func() bool {
			code, _, err := fetch(s.url + "/-/ready")
			return err == nil && code == http.StatusOK
		})
	}
	if err != nil {
		p.kill()
		return nil, err
	}
	return s, nil
}

// mustServe serves a home until the test ends.
func mustServe(tb testing.TB, home string, flags ...string) *server {
	tb.Helper()
	bin, err := shared.program()
	if err != nil {
		tb.Fatal(err)
	}
	s, err := startServe(bin, home, flags...)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		s.stop()
		if code := s.cmd.ProcessState.ExitCode(); code != 0 {
			tb.Errorf("serve ended with exit %d\n%s", code, s.out.String())
		}
	})
	return s
}

// stop asks the server to end and waits; it is killed when it does not.
func (s *server) stop() {
	_ = s.cmd.Process.Signal(syscall.SIGTERM) // it may have ended by itself
	if wait("end of serve", s.over) != nil {
		s.kill()
	}
}

// fetch gets an address whatever its status.
func fetch(address string) (int, string, error) {
	res, err := http.Get(address)
	if err != nil {
		return 0, "", err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	return res.StatusCode, string(body), err
}

// get reads an address of the server, which must answer 200.
func (s *server) get(tb testing.TB, path string) string {
	tb.Helper()
	code, body, err := fetch(s.url + path)
	if err != nil {
		tb.Fatal(err)
	}
	if code != http.StatusOK {
		tb.Fatalf("GET %s: %d\n%s", path, code, body)
	}
	return body
}

// value is one figure of the API.
type value struct {
	From        string            `json:"periodo_inicio"`
	To          string            `json:"periodo_fin"`
	Dimensions  map[string]string `json:"dimensiones"`
	Value       *float64          `json:"valor"`
	Numerator   *float64          `json:"numerador"`
	Denominator *float64          `json:"denominador"`
	Unit        string            `json:"unidad"`
	Status      string            `json:"estado"`
	Vintage     string            `json:"vigencia"`
	Reports     []int             `json:"reportes"`
	Interval    []float64         `json:"intervalo"`
	Break       bool              `json:"ruptura"`
	Notes       []string          `json:"notas"`
	Attributes  map[string]any    `json:"atributos"`
}

func (v *value) String() string {
	b, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	return string(b)
}

// document is one indicator of the API.
type document struct {
	Publication int     `json:"publicacion"`
	Indicator   string  `json:"indicador"`
	Values      []value `json:"valores"`
}

// load is one load of the API.
type load struct {
	ID          int    `json:"carga"`
	Report      int    `json:"reporte"`
	Dataset     string `json:"conjunto"`
	Outcome     string `json:"resultado"`
	File        string `json:"archivo"`
	SHA256      string `json:"sha256"`
	Records     int    `json:"registros"`
	Accepted    int    `json:"aceptados"`
	Quarantined int    `json:"cuarentena"`
}

func decode[T any](tb testing.TB, text string) T {
	tb.Helper()
	var out T
	if err := json.Unmarshal([]byte(text), &out); err != nil {
		tb.Fatalf("%v in %.200s", err, text)
	}
	return out
}

// indicator reads an indicator, as of a day ("" for now).
func (s *server) indicator(tb testing.TB, id, asOf string) document {
	tb.Helper()
	path := "/api/v1/indicadores/" + id
	if asOf != "" {
		path += "?as_of=" + url.QueryEscape(asOf)
	}
	return decode[document](tb, s.get(tb, path))
}

// indicators lists the ids of all indicators.
func (s *server) indicators(tb testing.TB) []string {
	tb.Helper()
	list := decode[struct {
		All []struct {
			ID string `json:"id"`
		} `json:"indicadores"`
	}](tb, s.get(tb, "/api/v1/indicadores"))
	var out []string
	for _, i := range list.All {
		out = append(out, i.ID)
	}
	return out
}

// loads lists the loads of a dataset, newest first; "" for all.
func (s *server) loads(tb testing.TB, dataset string) []load {
	tb.Helper()
	list := decode[struct {
		All []load `json:"cargas"`
	}](tb, s.get(tb, "/api/v1/cargas"))
	var out []load
	for _, l := range list.All {
		if dataset == "" || l.Dataset == dataset {
			out = append(out, l)
		}
	}
	return out
}

// find gives the value of a period and dimensions (name, value, …), nil for none.
func (d document) find(from, to string, dimensions ...string) *value {
	want := map[string]string{}
	for i := 0; i+1 < len(dimensions); i += 2 {
		want[dimensions[i]] = dimensions[i+1]
	}
	for i, v := range d.Values {
		if v.From == from && v.To == to && reflect.DeepEqual(v.Dimensions, want) {
			return &d.Values[i]
		}
	}
	return nil
}

// year gives the value of a whole year.
func (d document) year(year int, dimensions ...string) *value {
	return d.find(fmt.Sprintf("%d-01-01", year), fmt.Sprintf("%d-12-31", year), dimensions...)
}

// must gives the value of a period, which has to be there.
func (d document) must(tb testing.TB, from, to string, dimensions ...string) *value {
	tb.Helper()
	v := d.find(from, to, dimensions...)
	if v == nil || v.Value == nil {
		tb.Fatalf("%s has no value for %s to %s %v", d.Indicator, from, to, dimensions)
	}
	return v
}

// inbox is a dataset's inbox folder.
func (s *server) inbox(dataset string) string { return filepath.Join(s.home, "inbox", dataset) }

// metric is the value of one series of /metrics as it is written, "" for none.
func (s *server) metric(tb testing.TB, series string) string {
	tb.Helper()
	for line := range strings.Lines(s.get(tb, "/metrics")) {
		if rest, ok := strings.CutPrefix(line, series+" "); ok {
			return strings.TrimSpace(rest)
		}
	}
	return ""
}
