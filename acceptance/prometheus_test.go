package acceptance

import (
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func find(t *testing.T, program string) string {
	t.Helper()
	path, err := exec.LookPath(program)
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// A real Prometheus scrapes the metrics and answers with the indicator's value.
func TestPrometheus_scrapesIndicators(t *testing.T) {
	s := mustFirst(t)
	dir := t.TempDir()
	config := mustWrite(t, dir, "prometheus.yml", fmt.Sprintf(
		"global: {scrape_interval: 1s}\nscrape_configs:\n  - job_name: cauce\n    static_configs: [{targets: [%q]}]\n", strings.TrimPrefix(s.url, "http://")))
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	mustStart(t, find(t, "prometheus"), "--config.file="+config, "--storage.tsdb.path="+filepath.Join(dir, "tsdb"), "--web.listen-address="+address)
	query := "http://" + address + "/api/v1/query?query=" + url.QueryEscape(`cauce_indicator_value{indicator="acuerdos_cumplidos"}`)
	var body string
	eventually(t, "answer of Prometheus", func() bool {
		code, text, err := fetch(query)
		body = text
		return err == nil && code == http.StatusOK && strings.Contains(text, `"value"`)
	})
	if !strings.Contains(body, `"98.67`) {
		t.Errorf("Prometheus says %s", body)
	}
}

func TestPrometheus_promtoolIsClean(t *testing.T) {
	cmd := exec.CommandContext(t.Context(), find(t, "promtool"), "check", "metrics")
	cmd.Stdin = strings.NewReader(mustFirst(t).get(t, "/metrics"))
	if out, err := cmd.CombinedOutput(); err != nil || len(out) > 0 {
		t.Errorf("promtool: %v\n%s", err, out)
	}
}
