package dashboard

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus/testutil"
)

func TestMetricsLint(t *testing.T) {
	s := mustServer(t, mustHome(t))
	get(t, s.Handler(), "/")
	problems, err := testutil.GatherAndLint(s.registry)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		t.Errorf("%s: %s", p.Metric, p.Text)
	}
}

func TestMetricsValues(t *testing.T) {
	s := mustServer(t, mustHome(t))
	h := s.Handler()
	get(t, h, "/eventos")
	body := get(t, h, "/metrics").Body.String()
	for _, line := range []string{
		`cauce_indicator_value{indicator="eventos_irregulares"} 155730`,
		`cauce_indicator_value{indicator="acuerdos_cumplidos"} 98.36065573770492`,
		`cauce_indicator_period_start_timestamp_seconds{indicator="carpetas_ley_migracion"} 1.7356896e+09`,
		`cauce_indicator_period_end_timestamp_seconds{indicator="carpetas_ley_migracion"} 1.75392e+09`,
		`cauce_indicator_value{indicator="carpetas_ley_migracion"} 177`,
		`cauce_load_rows{dataset="sesnsp-fuero-federal",outcome="cuarentena"} 3`,
		`cauce_load_rows{dataset="sesnsp-fuero-federal",outcome="aceptado"} 5000`,
		`cauce_load_rows{dataset="sesnsp-fuero-federal",outcome="rechazado"} 0`,
		`cauce_loads_total{dataset="sspc-mesa-resumen",result="rechazado"} 1`,
		`cauce_loads_total{dataset="sspc-mesa-resumen",result="aceptado"} 2`,
		`cauce_loads_total{dataset="upmrip-eventos",result="aceptado"} 0`,
		`cauce_load_duration_seconds{dataset="cifras-publicadas"} 0.5`,
		`cauce_report_overdue_seconds{dataset="cifras-publicadas"} 0`,
		`cauce_report_overdue_seconds{dataset="upmrip-eventos"} 0`,
		`cauce_report_overdue_seconds{dataset="sesnsp-fuero-federal"} 1.47348e+07`,
		`cauce_publication_timestamp_seconds 1.7731674e+09`,
		`cauce_http_request_duration_seconds_count{code="200",method="GET",route="eventos"} 1`,
		`cauce_quarantine_open_rows{dataset="sesnsp-fuero-federal",rule="R014"} 2`,
		`cauce_quarantine_oldest_timestamp_seconds{dataset="sesnsp-fuero-federal"} 1.7723664e+09`,
		`cauce_build_info{goversion="`,
	} {
		if !strings.Contains(body, line) {
			t.Errorf("/metrics lacks %s", line)
		}
	}
	if strings.Contains(body, `cauce_indicator_value{indicator="indicador_sin_datos"}`) {
		t.Error("an indicator without data has a value")
	}
}

// The metric tells what pages tell: not the year that is running, where one is over.
func TestMetrics_runningYear(t *testing.T) {
	dir := t.TempDir()
	mustPublish(t, dir, 12, "testdata/publicacion.sql", `INSERT INTO valor SELECT * REPLACE (DATE '2026-01-01' AS periodo_inicio, DATE '2026-12-31' AS periodo_fin, 99 AS valor) FROM valor WHERE indicador = 'indice_informacion_tim' AND periodo_inicio = DATE '2025-01-01' AND dimensiones = '{}'`)
	h := mustServer(t, dir).Handler()
	if body := get(t, h, "/metrics").Body.String(); !strings.Contains(body, `cauce_indicator_value{indicator="indice_informacion_tim"} 8`+"\n") {
		t.Error("/metrics tells the index of a year that is not over")
	}
	if body := get(t, h, "/").Body.String(); !strings.Contains(body, `8.0 <span class="cifra-de">de 100`) {
		t.Error("the start page tells another index")
	}
}

// Of a file that was refused no record was accepted, whatever its rows were like.
func TestMetrics_refused(t *testing.T) {
	dir := t.TempDir()
	mustPublish(t, dir, 12, "testdata/publicacion.sql", `UPDATE carga SET resultado = 'rechazado' WHERE carga = 6`)
	body := get(t, mustServer(t, dir).Handler(), "/metrics").Body.String()
	for _, line := range []string{
		`cauce_load_rows{dataset="sesnsp-fuero-federal",outcome="aceptado"} 0`, `cauce_load_rows{dataset="sesnsp-fuero-federal",outcome="cuarentena"} 0`,
		`cauce_load_rows{dataset="sesnsp-fuero-federal",outcome="rechazado"} 5003`,
	} {
		if !strings.Contains(body, line) {
			t.Errorf("/metrics lacks %s", line)
		}
	}
}

// Case 118: no label comes from what a client sends.
func TestMetricsCardinality(t *testing.T) {
	s := mustServer(t, mustHome(t))
	h := s.Handler()
	for i := range 200 {
		for _, target := range []string{"/nada%d", "/indicadores/nada%d", "/datos/reportes/9%d", "/eventos?x=%d", "/static/%d/app.js", "/graficas/g%d.json", "/api/v1/indicadores/i%d.csv"} {
			get(t, h, fmt.Sprintf(target, i))
		}
		do(t, h, fmt.Sprintf("METHOD%d", i), "/eventos")
	}
	declared := []string{routeStatic, routeHealthy, routeReady, routeMetrics, routeNone}
	for _, r := range routes() {
		declared = append(declared, r.name)
	}
	body := get(t, h, "/metrics").Body.String()
	seen := map[string]bool{}
	for _, m := range regexp.MustCompile(`code="(\d+)",method="(\w+)",route="(\w+)"`).FindAllStringSubmatch(body, -1) {
		seen[m[0]] = true
		if !slices.Contains(declared, m[3]) || m[2] != http.MethodGet && m[2] != http.MethodHead && m[2] != "otro" {
			t.Errorf("label set %s", m[0])
		}
	}
	if len(seen) > 10 {
		t.Errorf("%d series after requests for 1,600 addresses: %v", len(seen), seen)
	}
}
