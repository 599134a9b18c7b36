package dashboard

import (
	"cmp"
	"net/http"
	"runtime"
	"slices"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"github.com/gttim/cauce/data"
	"github.com/gttim/cauce/internal/warehouse"
)

// metrics tells Prometheus what the current publication says, worked out at
// each scrape, and how requests went. Label values are declared ids, names of
// routes and fixed words; none comes from data or from an address.
type metrics struct {
	server                             *Server
	requests                           *prometheus.HistogramVec
	lastSuccess, rows, duration, loads *prometheus.Desc
	overdue, indicator, publication    *prometheus.Desc
	open, oldest, build                *prometheus.Desc
	periodStart, periodEnd             *prometheus.Desc
	docs                               []MetricDoc
}

// MetricDoc describes one metric for the documentation.
type MetricDoc struct {
	Name, Help string
	Labels     []string
}

// Metrics lists every metric of Cauce's own, in order of name.
func Metrics() []MetricDoc {
	m, _ := newMetrics(nil)
	slices.SortFunc(m.docs, func(a, b MetricDoc) int { return cmp.Compare(a.Name, b.Name) })
	return m.docs
}

func newMetrics(s *Server) (*metrics, *prometheus.Registry) {
	requests := MetricDoc{"cauce_http_request_duration_seconds", "How long requests took, by route, method and status code.", []string{"route", "method", "code"}}
	docs := []MetricDoc{requests}
	desc := func(name, help string, labels ...string) *prometheus.Desc {
		docs = append(docs, MetricDoc{name, help, labels})
		return prometheus.NewDesc(name, help, labels, nil)
	}
	m := &metrics{
		server: s,
		requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name:    requests.Name,
			Help:    requests.Help,
			Buckets: []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5},
		}, requests.Labels),
		lastSuccess: desc("cauce_load_last_success_timestamp_seconds", "When the dataset was last loaded, whole or in part.", "dataset"),
		rows:        desc("cauce_load_rows", "Records of the dataset's newest load, by what became of them.", "dataset", "outcome"),
		duration:    desc("cauce_load_duration_seconds", "How long the dataset's newest load took.", "dataset"),
		loads:       desc("cauce_loads_total", "Loads of the dataset in the ledger, by result.", "dataset", "result"),
		overdue:     desc("cauce_report_overdue_seconds", "How long the dataset's next report has been late; 0 when on time or without a published cadence.", "dataset"),
		indicator:   desc("cauce_indicator_value", "The indicator's total for the longest of the periods that ended last, as /indicadores shows it.", "indicator"),
		periodStart: desc("cauce_indicator_period_start_timestamp_seconds", "First day of the period of the indicator's value: a month may follow a year.", "indicator"),
		periodEnd:   desc("cauce_indicator_period_end_timestamp_seconds", "Last day of the period of the indicator's value.", "indicator"),
		publication: desc("cauce_publication_timestamp_seconds", "When the figures being served were published."),
		open:        desc("cauce_quarantine_open_rows", "Quarantined rows of the dataset that wait for their correction, by the rule they broke.", "dataset", "rule"),
		oldest:      desc("cauce_quarantine_oldest_timestamp_seconds", "Since when the oldest open quarantined row of the dataset waits.", "dataset"),
		build:       desc("cauce_build_info", "Version of the running binary; always 1.", "version", "goversion"),
	}
	m.docs = docs
	r := prometheus.NewRegistry()
	r.MustRegister(m, m.requests, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m, r
}

// observe counts one finished request.
func (m *metrics) observe(route, method string, code int, took time.Duration) {
	if method != http.MethodGet && method != http.MethodHead {
		method = "otro"
	}
	m.requests.WithLabelValues(route, method, strconv.Itoa(code)).Observe(took.Seconds())
}

// Describe sends every description of Collect.
func (m *metrics) Describe(ch chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{m.lastSuccess, m.rows, m.duration, m.loads, m.overdue, m.indicator, m.periodStart, m.periodEnd, m.publication, m.open, m.oldest, m.build} {
		ch <- d
	}
}

// Collect sends what the current publication says.
func (m *metrics) Collect(ch chan<- prometheus.Metric) {
	gauge := func(d *prometheus.Desc, x float64, labels ...string) {
		ch <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, x, labels...)
	}
	gauge(m.build, 1, m.server.opt.Version, runtime.Version())
	snap := m.server.acquire()
	if snap == nil {
		return
	}
	defer m.server.release(snap)
	gauge(m.publication, float64(snap.Publication.At.Unix()))
	now := m.server.opt.Now()
	for _, d := range snap.Datasets {
		gauge(m.overdue, snap.overdue(d, now).Seconds(), d.ID)
		m.collectLoads(ch, snap, d.ID)
		for _, c := range d.Open {
			if c.Rule == "" {
				gauge(m.oldest, float64(c.Since.Unix()), d.ID)
				continue
			}
			gauge(m.open, float64(c.Rows), d.ID, c.Rule)
		}
	}
	v := view{Snapshot: snap, figures: snap.current, load: snap.Publication.LastLoad, now: now, today: data.Day(now)}
	for _, d := range snap.Indicators {
		if x := v.headline(d.ID); x != nil {
			gauge(m.indicator, *x.Value, d.ID)
			gauge(m.periodStart, float64(x.From.Unix()), d.ID)
			gauge(m.periodEnd, float64(x.To.Unix()), d.ID)
		}
	}
}

func (m *metrics) collectLoads(ch chan<- prometheus.Metric, snap *Snapshot, dataset string) {
	counts := map[string]int{warehouse.Accepted: 0, warehouse.Partial: 0, warehouse.Refused: 0, warehouse.Withdrawn: 0}
	var first, success *Load
	for _, l := range snap.Loads {
		if l.Dataset != dataset {
			continue
		}
		if _, known := counts[l.Outcome]; known {
			counts[l.Outcome]++
		}
		if first == nil && l.Outcome != warehouse.Withdrawn { // a withdrawal reads no records
			first = l
		}
		if success == nil && l.Succeeded() {
			success = l
		}
	}
	for result, n := range counts {
		ch <- prometheus.MustNewConstMetric(m.loads, prometheus.CounterValue, float64(n), dataset, result)
	}
	gauge := func(d *prometheus.Desc, x float64, labels ...string) {
		ch <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, x, append([]string{dataset}, labels...)...)
	}
	if first != nil {
		gauge(m.duration, first.Seconds)
	}
	if first != nil && !first.Uncounted {
		for result, n := range first.fates() {
			gauge(m.rows, float64(n), result)
		}
	}
	if success != nil {
		gauge(m.lastSuccess, float64(success.Finished.UnixNano())/1e9)
	}
}

// fates counts a load's records by what became of them; of a file that was refused
// none was accepted or kept.
func (l *Load) fates() map[string]int64 {
	if l.refused() {
		return map[string]int64{warehouse.Accepted: 0, "cuarentena": 0, "omitido": 0, warehouse.Refused: l.Records}
	}
	return map[string]int64{warehouse.Accepted: l.Accepted, "cuarentena": l.Quarantined, "omitido": l.Skipped, warehouse.Refused: 0}
}
