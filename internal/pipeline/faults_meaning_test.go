package pipeline

import (
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gttim/cauce/data"
	"github.com/gttim/cauce/ingest"
	"github.com/gttim/cauce/internal/warehouse"
)

// home is a home of a test's own, with what every delivery to it must leave as it was.
type home struct {
	*Pipeline
	tb  testing.TB
	dir string
}

func newHome(tb testing.TB, declarations string) home {
	tb.Helper()
	dir := filepath.Join(tb.TempDir(), "casa")
	p, err := Open(tb.Context(), Options{Dir: dir, Declarations: declarations, Version: "prueba", Now: now, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { p.Close() })
	return home{p, tb, dir}
}

// query reads one row of texts.
func (h home) query(text string, args ...any) (out string) {
	h.tb.Helper()
	conn, err := h.DB.Conn(h.tb.Context())
	if err != nil {
		h.tb.Fatal(err)
	}
	defer conn.Close()
	var s sql.NullString
	if err := conn.QueryRowContext(h.tb.Context(), text, args...).Scan(&s); err != nil && !errors.Is(err, sql.ErrNoRows) {
		h.tb.Fatal(err)
	}
	return s.String
}

// stored is what the ledger and the tables hold of every load up to one.
func (h home) stored(dataset string, load int) string {
	table := warehouse.Ident(strings.ReplaceAll(dataset, "-", "_"))
	return h.query(`SELECT concat_ws(' ', (SELECT count(*) || ':' || coalesce(sum(hash(r)), 0) FROM raw.`+table+` r WHERE load_id <= $1),
		(SELECT count(*) || ':' || coalesce(sum(hash(c)), 0) FROM clean.`+table+` c WHERE load_id <= $1),
		(SELECT count(*) || ':' || coalesce(sum(hash(q)), 0) FROM ledger.quarantine q WHERE load_id <= $1),
		(SELECT count(*) || ':' || coalesce(sum(hash(l)), 0) FROM ledger.loads l WHERE load_id <= $1))`, load)
}

var oneLine = regexp.MustCompile(`^[^\n]+\.csv(:[0-9]+(:[0-9]+)?)?: (columna "[^"\n]+", valor "[^\n]*": )?[A-Z]{1,2}[0-9]{2,3} [^\n]+$`)

// deliver loads a file, published on a day, and checks what must hold of every one
// whose bytes were taken in: archived as delivered, in the ledger, counts that add
// up, what was loaded before as it was, one clear line a problem.
func (h home) deliver(dataset, name, published, content string) ingest.Result {
	h.tb.Helper()
	last, err := h.DB.NewestLoad(h.tb.Context())
	if err != nil {
		h.tb.Fatal(err)
	}
	before := h.stored(dataset, last)
	path := filepath.Join(h.tb.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		h.tb.Fatal(err)
	}
	res, err := h.load(h.tb.Context(), ingest.Delivery{Path: path, Name: name, Dataset: dataset, Published: published})
	if err != nil {
		h.tb.Fatalf("%s: %v", name, err)
	}
	archived, err := os.ReadFile(h.Home.Path(warehouse.ArchiveDir, res.Report.SHA256))
	if err != nil || string(archived) != content {
		h.tb.Errorf("%s: the archive does not hold the bytes as delivered: %v", name, err)
	}
	if l := res.Load; l.Records != l.Accepted+l.Quarantined+l.Skipped || l.PhysicalLines != l.HeaderLines+l.BlankLines+l.SkippedLines+l.RecordLines {
		h.tb.Errorf("%s: counts do not add up: %+v", name, l)
	}
	if res.Outcome != ingest.AlreadyLoaded {
		if n := h.query(`SELECT count(*) FROM ledger.loads WHERE load_id = ? AND outcome = ?`, res.Load.ID, res.Outcome); n != "1" {
			h.tb.Errorf("%s: the ledger has %s rows of load %d", name, n, res.Load.ID)
		}
		if n := h.query(`SELECT count(*) FROM ledger.problems WHERE load_id = ?`, res.Load.ID); n != fmt.Sprint(res.ProblemCount) {
			h.tb.Errorf("%s: %s problems are stored, %d counted", name, n, res.ProblemCount)
		}
	}
	if after := h.stored(dataset, last); after != before {
		h.tb.Errorf("%s: what was loaded before is now %s, was %s", name, after, before)
	}
	for _, p := range res.Problems {
		if !oneLine.MatchString(p.String()) {
			h.tb.Errorf("%s: not one clear line: %q", name, p)
		}
	}
	return res
}

// says fails unless a problem of a rule and severity says all of some texts.
func says(tb testing.TB, res ingest.Result, rule string, severity data.Severity, texts ...string) {
	tb.Helper()
	for _, p := range res.Problems {
		if p.Rule == rule && p.Severity == severity && !slices.ContainsFunc(texts, func(s string) bool { return !strings.Contains(p.String(), s) }) {
			return
		}
	}
	tb.Errorf("no problem %s (%s) says %q among %v", rule, severity, texts, res.Problems)
}

// figure is an indicator's figure of the country for a period, as of a day ("": now).
func (h home) figure(indicator, period, asOf string) (Traced, bool) {
	h.tb.Helper()
	if _, err := h.Publish(h.tb.Context()); err != nil {
		h.tb.Fatal(err)
	}
	q := TraceQuery{Indicator: indicator, Dimensions: map[string]string{}}
	var err error
	if q.Start, q.End, err = Period(period); err != nil {
		h.tb.Fatal(err)
	}
	if asOf != "" {
		if q.AsOf, err = time.Parse(time.DateOnly, asOf); err != nil {
			h.tb.Fatal(err)
		}
	}
	var out Traced
	err = h.Trace(h.tb.Context(), q, func(t Traced) error { out = t; return nil })
	if err != nil && !errors.Is(err, ErrNoFigure) {
		h.tb.Fatal(err)
	}
	return out, err == nil
}

// must is figure, compared.
func (h home) must(indicator, period, asOf string, value float64, status string, reports ...int) {
	h.tb.Helper()
	t, ok := h.figure(indicator, period, asOf)
	var ids []int
	for _, r := range t.Reports {
		ids = append(ids, r.ID)
	}
	if !ok || t.Value == nil || *t.Value != value || t.Status != status || !slices.Equal(ids, reports) {
		got := "none"
		if t.Value != nil {
			got = fmt.Sprint(*t.Value)
		}
		h.tb.Errorf("%s %s as of %q: %s (%s) of reports %v, want %v (%s) of %v", indicator, period, asOf, got, t.Status, ids, value, status, reports)
	}
}

// events is a delivery of the monthly table: month, then one number a state.
func events(months ...any) string {
	var b strings.Builder
	b.WriteString("anio,mes,entidad,nacionalidad,sexo,grupo_edad,condicion,eventos\n")
	for i := 0; i+1 < len(months); i += 2 {
		year, month, _ := strings.Cut(months[i].(string), "-")
		for state, n := range months[i+1].([]int) {
			fmt.Fprintf(&b, "%s,%s,%02d,HND,mujer,18+,presentado,%d\n", year, month, state+1, n)
		}
	}
	return b.String()
}

// same is a number for each of some states.
func same(states, n int) []int { return slices.Repeat([]int{n}, states) }

// parts is the contract of test posts with a rule on totals of the severity given.
func parts(tb testing.TB, severity string) string {
	dir := overlay(tb, ownDataset+"contract.yml", "revision:", "rules:\n  - {id: PP01, check: total_y_partes, severity: "+severity+", text: el total no es la suma de sus partes}\nrevision:")
	const checks = `-- check: total_y_partes
SELECT t.line AS linea, 'puestos' AS columna, CAST(t.puestos AS VARCHAR) AS valor,
       'el total es ' || t.puestos || ' y las partes suman ' || (SELECT sum(p.puestos) FROM entrega p WHERE p.entidad <> '99') AS mensaje
FROM entrega t
WHERE t.entidad = '99' AND t.puestos <> (SELECT sum(p.puestos) FROM entrega p WHERE p.entidad <> '99')
`
	if err := os.WriteFile(filepath.Join(dir, ownDataset, "checks.sql"), []byte(checks), 0o600); err != nil {
		tb.Fatal(err)
	}
	return dir
}

// Fault 64: a total that is not the sum of its parts is noted, set aside or refuses
// the file, as the contract says; the message shows both numbers.
func TestFault64_totalAgainstParts(t *testing.T) {
	const file = "fecha,entidad,puestos\n2025-01-31,Chiapas,4\n2025-01-31,Tabasco,3\n2025-01-31,Se desconoce,9\n"
	for severity, want := range map[data.Severity]string{data.Warn: warehouse.Accepted, data.Quarantine: warehouse.Partial, data.Refuse: warehouse.Refused} {
		t.Run(string(severity), func(t *testing.T) {
			h := newHome(t, parts(t, string(severity)))
			h.deliver("oim-puestos-prueba", "antes.csv", "2025-02-01", "fecha,entidad,puestos\n2024-12-31,Chiapas,4\n2024-12-31,Se desconoce,4\n")
			res := h.deliver("oim-puestos-prueba", "total.csv", "2025-03-01", file)
			if res.Outcome != want {
				t.Errorf("%s, want %s", res.Outcome, want)
			}
			says(t, res, "PP01", severity, "total.csv:4", "el total es 9 y las partes suman 7")
		})
	}
}

// Fault 65, fault 66, fault 67 and fault 68: what a report says against the others
// of its dataset.
func TestFaultsAcrossReports(t *testing.T) {
	h := newHome(t, "")
	const id = "upmrip-eventos"
	h.deliver(id, "enero.csv", "2024-03-07", events("2024-1", same(32, 1000)))
	t.Run("66 a state is missing", func(t *testing.T) {
		res := h.deliver(id, "febrero.csv", "2024-04-07", events("2024-2", same(31, 1000)))
		if res.Outcome != warehouse.Accepted {
			t.Errorf("%s %v", res.Outcome, res.Problems)
		}
		says(t, res, "UE03", data.Warn, "se esperan 32 entidades y hay 31", "Zacatecas")
		h.must("eventos_irregulares", "2024-02", "", 31_000, "definitivo", 2)
	})
	t.Run("65 totals move", func(t *testing.T) {
		res := h.deliver(id, "marzo.csv", "2024-05-07", events("2024-3", same(32, 3000)))
		if res.Outcome != warehouse.Accepted {
			t.Errorf("%s %v", res.Outcome, res.Problems)
		}
		says(t, res, "UE05", data.Warn, "de 31,000 a 96,000")
		if n := h.query(`SELECT count(*) FROM ledger.problems WHERE rule = 'UE05' AND period_start = DATE '2024-03-01'`); n != "1" {
			t.Errorf("%s warnings have the period that they are about", n)
		}
	})
	t.Run("67 another unit", func(t *testing.T) {
		res := h.deliver(id, "miles.csv", "2024-06-07", events("2024-3", same(32, 3)))
		if res.Outcome != warehouse.Refused || res.Load.RawRows != 0 {
			t.Errorf("%s, %d rows", res.Outcome, res.Load.RawRows)
		}
		says(t, res, "UE06", data.Refuse, "96,000", "otra unidad")
		h.must("eventos_irregulares", "2024-03", "", 96_000, "definitivo", 3)
	})
	t.Run("68 gap and overlap", func(t *testing.T) {
		res := h.deliver(id, "junio.csv", "2024-08-07", events("2024-6", same(32, 2000)))
		says(t, res, data.RulePeriodGap, data.Warn, "2024-04-01", "2024-05-31")
		res = h.deliver(id, "traslape.csv", "2024-09-07", events("2024-5", same(32, 1900), "2024-6", same(32, 2100)))
		if res.Outcome != warehouse.Accepted {
			t.Errorf("%s %v", res.Outcome, res.Problems)
		}
		res = h.deliver(id, "dos.csv", "2024-10-07", events("2024-2", same(32, 1100), "2024-3", same(32, 3100)))
		if res.Outcome != warehouse.Accepted {
			t.Errorf("%s %v", res.Outcome, res.Problems)
		}
		res = h.deliver(id, "parte.csv", "2024-11-07", events("2024-3", same(32, 3200), "2024-4", same(32, 1500)))
		says(t, res, data.RulePartlyCovered, data.Warn, "2024-03-01", "2024-03-31")
		h.must("eventos_irregulares", "2024-06", "", 67_200, "revisado", 6)
		h.must("eventos_irregulares", "2024-06", "2024-08-31", 64_000, "definitivo", 5)
		h.must("eventos_irregulares", "2024-03", "", 102_400, "revisado", 8)
		h.must("eventos_irregulares", "2024-03", "2024-10-31", 99_200, "revisado", 7)
		if _, ok := h.figure("eventos_irregulares", "2024-05", "2024-08-31"); ok {
			t.Error("a month that nobody had published has a figure")
		}
	})
	if _, err := h.Verify(t.Context()); err != nil {
		t.Error(err)
	}
}

// Fault 70: a denominator of zero gives no value, and the reason.
func TestFault70_zeroDenominator(t *testing.T) {
	h := newHome(t, "")
	h.deliver("upmrip-denuncias", "ceros.csv", "", "periodo_inicio,periodo_fin,delito,sexo,denuncias,publicado_en,fuente\n"+
		"2024-01,2024-01,,,0,2024-03-01,Informe de prueba\n2024-01,2024-01,Tráfico ilícito,,0,2024-03-01,Informe de prueba\n")
	got, ok := h.figure("denuncias_tim", "2024-01", "")
	if !ok || got.Value != nil || got.Status != "faltante" || got.Denominator == nil || *got.Denominator != 0 {
		t.Errorf("%+v", got)
	}
	if n := h.query(`SELECT notas FROM indicators.valores WHERE indicador = 'denuncias_tim' AND carga_hasta IS NULL LIMIT 1`); !strings.Contains(n, "El denominador es cero") {
		t.Errorf("notes %s", n)
	}
	if n := h.query(`SELECT count(*) FROM indicators.valores WHERE isinf(valor) OR isnan(valor)`); n != "0" {
		t.Errorf("%s values are no numbers", n)
	}
}

// Fault 72: the same file twice at once, by two processes' worth of pipelines on one
// home: one loads it, the other finds the lock held or the file loaded, never twice.
func TestFault72_sameFileTwiceAtOnce(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "casa")
	file := filepath.Join(t.TempDir(), "enero.csv")
	content := events("2024-1", same(32, 1000))
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	opt := Options{Dir: dir, Version: "prueba", Now: now, Log: slog.New(slog.DiscardHandler)}
	results, errs := make([]ingest.Result, 2), make([]error, 2)
	var together sync.WaitGroup
	for i := range 2 {
		together.Go(func() {
			p, err := Open(t.Context(), opt)
			if err != nil {
				errs[i] = err
				return
			}
			defer p.Close()
			results[i], errs[i] = p.load(t.Context(), ingest.Delivery{Path: file, Name: "enero.csv", Dataset: "upmrip-eventos", Published: "2024-03-07"})
		})
	}
	together.Wait()
	loaded := 0
	for i := range 2 {
		switch {
		case errs[i] == nil && results[i].Outcome == warehouse.Accepted:
			loaded++
		case errs[i] == nil && results[i].Outcome == ingest.AlreadyLoaded, errors.Is(errs[i], warehouse.ErrBusy):
		default:
			t.Errorf("%s %v", results[i].Outcome, errs[i])
		}
	}
	p, err := Open(t.Context(), opt)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.Close() })
	h := home{p, t, dir}
	if n := h.query(`SELECT count(*) || ' ' || count(DISTINCT load_id) FROM raw.upmrip_eventos`); loaded != 1 || n != "32 1" {
		t.Errorf("%d loaded it; rows and loads: %s", loaded, n)
	}
	if res := h.deliver("upmrip-eventos", "otra-vez.csv", "2024-03-07", content); res.Outcome != ingest.AlreadyLoaded {
		t.Errorf("later: %s", res.Outcome)
	}
	if _, err := h.Verify(t.Context()); err != nil {
		t.Error(err)
	}
}

// Faults 73, 74, 75 and 76: the same rows in other bytes are a revision without
// changes, revised numbers stand beside the old ones, an older report
// that arrives late replaces nothing newer, a withdrawn one is not deleted.
func TestFaultsOfRevision(t *testing.T) {
	h := newHome(t, "")
	const id = "upmrip-eventos"
	h.deliver(id, "primera.csv", "2024-03-07", events("2024-1", same(32, 1000)))
	h.must("eventos_irregulares", "2024-01", "", 32_000, "definitivo", 1)
	t.Run("73 the same rows in other bytes", func(t *testing.T) {
		res := h.deliver(id, "crlf.csv", "2024-03-07", strings.ReplaceAll(events("2024-1", same(32, 1000)), "\n", "\r\n"))
		if res.Outcome != warehouse.Accepted || res.Report.ID != 2 {
			t.Errorf("%s as report %d", res.Outcome, res.Report.ID)
		}
		says(t, res, data.RuleNothingNew, data.Warn, "0 cambios")
		h.must("eventos_irregulares", "2024-01", "", 32_000, "definitivo", 2)
	})
	t.Run("74 revised", func(t *testing.T) {
		h.deliver(id, "revisada.csv", "2024-06-07", events("2024-1", same(32, 1010)))
		h.must("eventos_irregulares", "2024-01", "", 32_320, "revisado", 3)
		h.must("eventos_irregulares", "2024-01", "2024-06-06", 32_000, "definitivo", 2)
		if n := h.query(`SELECT count(*) FROM clean.upmrip_eventos`); n != "96" {
			t.Errorf("%s rows are kept", n)
		}
	})
	t.Run("75 late", func(t *testing.T) {
		h.deliver(id, "tardia.csv", "2024-04-07", events("2024-1", same(32, 1005)))
		h.must("eventos_irregulares", "2024-01", "", 32_320, "revisado", 3)
		h.must("eventos_irregulares", "2024-01", "2024-05-01", 32_160, "revisado", 4)
		h.must("eventos_irregulares", "2024-01", "2024-03-31", 32_000, "definitivo", 2)
	})
	t.Run("76 withdrawn", func(t *testing.T) {
		if err := h.Retract(t.Context(), 3, "se publicó por error"); err != nil {
			t.Fatal(err)
		}
		h.must("eventos_irregulares", "2024-01", "", 32_160, "revisado", 4)
		if n := h.query(`SELECT count(*) FROM clean.upmrip_eventos c JOIN ledger.loads l USING (load_id) WHERE l.report_id = 3`); n != "32" {
			t.Errorf("%s rows of the withdrawn report are kept", n)
		}
		if n := h.query(`SELECT outcome || ': ' || reason FROM ledger.loads WHERE report_id = 3 ORDER BY load_id DESC LIMIT 1`); n != "retirado: se publicó por error" {
			t.Errorf("ledger: %s", n)
		}
	})
	if _, err := h.Verify(t.Context()); err != nil {
		t.Error(err)
	}
}

// Fault 78: under an edited contract the rows that are loaded are made anew and the
// same file is a new load; the old load keeps the contract that it was loaded by.
func TestFault78_editedContract(t *testing.T) {
	const id, file = "oim-puestos-prueba", "fecha,entidad,puestos\n2025-01-31,Chiapas,4\n2025-01-31,Tabasco,3\n"
	h := newHome(t, overlay(t, "NOTAS.txt", "", "nada\n"))
	first := h.deliver(id, "puestos.csv", "2025-02-01", file)
	h.must("puestos_prueba", "2025-01-31", "", 7, "definitivo", 1)
	if err := h.Close(); err != nil {
		t.Fatal(err)
	}
	opt := h.opt
	opt.Declarations = overlay(t, ownDataset+"clean.sql", "entidad, puestos FROM", "entidad, puestos + 1 AS puestos FROM")
	p, err := Open(t.Context(), opt)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.Close() })
	h = home{p, t, h.dir}
	h.must("puestos_prueba", "2025-01-31", "", 9, "definitivo", 1)
	again := h.deliver(id, "puestos.csv", "2025-02-01", file)
	if again.Outcome != warehouse.Accepted || again.Load.Kind != warehouse.KindReload || again.Report.ID != first.Report.ID ||
		again.Load.ContractHash == first.Load.ContractHash {
		t.Errorf("again: %s, %+v", again.Outcome, again.Load)
	}
	if n := h.query(`SELECT contract_hash FROM ledger.loads WHERE load_id = ?`, first.Load.ID); n != first.Load.ContractHash {
		t.Errorf("the first load is now said to be by contract %s", n)
	}
	h.must("puestos_prueba", "2025-01-31", "", 9, "definitivo", 1)
	if _, err := h.Verify(t.Context()); err != nil {
		t.Error(err)
	}
}

// A file that was refused for the date that it was given is accepted without it, as of
// its arrival, and the home can be made again from its archive.
func TestRebuild_refusedForItsDate(t *testing.T) {
	h := newHome(t, "")
	text, err := os.ReadFile("../../data/datasets/upmrip-boletin-311/testdata/ok.csv")
	if err != nil {
		t.Fatal(err)
	}
	file := strings.ReplaceAll(string(text), "2031", "2024")
	refused := h.deliver("upmrip-boletin-311", "boletin.csv", "2011-11-09", file)
	accepted := h.deliver("upmrip-boletin-311", "boletin.csv", "", file)
	if refused.Outcome != warehouse.Refused || accepted.Outcome != warehouse.Accepted || !accepted.Report.PublishedOn.Equal(data.Day(now())) {
		t.Errorf("%s; %s, published on %s", refused.Outcome, accepted.Outcome, accepted.Report.PublishedOn)
	}
	if err := h.Close(); err != nil {
		t.Fatal(err)
	}
	if out, err := Rebuild(t.Context(), h.opt); err != nil || out.Loads != 2 || out.Reports != 2 {
		t.Errorf("%+v, %v", out, err)
	}
}
