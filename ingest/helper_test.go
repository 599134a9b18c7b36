package ingest

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/gttim/cauce/data"
	"github.com/gttim/cauce/internal/warehouse"
)

// The datasets of these tests, written here so that what an agency sends and
// what the program ships can change without them.
const (
	contractHead = `id: %s
agency: prueba
title: {es: Prueba}
producer: Agencia de prueba
licence: libre
contact: Área de datos de la agencia
class: publica
format: csv
delimiter: ","
cadence: {every: ninguna}
`
	eventsContract = `encoding: auto
shape: long
key: [mes, entidad]
revision: {policy: instantanea}
footer: "Fuente: .*"
skip_rows: ["Cuadro .*"]
ignored: [nota]
columns:
  - {name: mes, type: entero, required: true, min: 1, max: 12}
  - {name: entidad, headers: [Estado], type: catalogo, catalog: estados, required: true}
  - {name: tipo, type: categoria, optional: true}
  - {name: eventos, type: entero, required: true}
  - {name: tasa, type: decimal, optional: true}
  - {name: fecha, type: fecha, optional: true}
  - {name: texto, type: texto, optional: true}
`
	registerContract = `encoding: auto
shape: long
key: [folio]
revision: {policy: instantanea}
synthetic_prefix: {folio: SIM-}
columns:
  - {name: folio, type: texto, pattern: "[A-Z]{3}-[0-9]{4,12}", required: true}
  - {name: fecha, type: fecha, required: true}
  - {name: entidad, type: catalogo, catalog: estados, required: true}
  - {name: edad, type: entero, max: 120}
`
	wideContract = `encoding: auto
shape: wide
key: [anio, tipo]
revision: {policy: instantanea}
wide:
  months: [ENE, FEB, MAR, ABR, MAY, JUN, JUL, AGO, SEP, OCT, NOV, DIC]
  year: anio
  month_name: mes
  value: {name: casos, type: entero}
columns:
  - {name: anio, type: entero, required: true}
  - {name: tipo, type: texto, required: true}
`
	publishedContract = `encoding: auto
shape: long
key: [serie]
revision: {policy: instantanea}
missing: ["n.d."]
suppressed: ["*"]
columns:
  - {name: serie, type: texto, required: true}
  - {name: valor, type: decimal}
  - {name: publicado_en, type: fecha_parcial, required: true}
  - {name: fuente, type: texto, required: true}
`
	cleanSQL = `SELECT line, DATE '2024-01-01' AS periodo_inicio, DATE '2024-12-31' AS periodo_fin FROM entrega`
	estados  = "codigo,nombre,sinonimos\n05,Coahuila de Zaragoza,Coahuila|Coah.\n07,Chiapas,\n09,Ciudad de México,CDMX|Distrito Federal\n27,Tabasco,\n33,EXTRANJERO,\n"
)

// declarations builds the test datasets; more maps an id to a contract without
// its head.
func declarations(tb testing.TB, more map[string]string) *data.Declarations {
	tb.Helper()
	files := fstest.MapFS{"reference/estados.csv": {Data: []byte(estados)}}
	all := map[string]string{"prueba-eventos": eventsContract, "prueba-registro": registerContract,
		"prueba-ancho": wideContract, "prueba-publicadas": publishedContract}
	for id, c := range more {
		all[id] = c
	}
	for id, c := range all {
		files["datasets/"+id+"/contract.yml"] = &fstest.MapFile{Data: []byte(fmt.Sprintf(contractHead, id) + c)}
		files["datasets/"+id+"/clean.sql"] = &fstest.MapFile{Data: []byte(cleanSQL)}
		files["datasets/"+id+"/catalog.yml"] = &fstest.MapFile{Data: []byte("title: {es: Prueba}\ndescription: {es: Prueba}\ncitation: Prueba\n")}
	}
	d, err := data.LoadFS(files, nil)
	if err != nil {
		tb.Fatal(err)
	}
	return d
}

// gated is what the gate made of a file.
type gated struct {
	*gate
	rows [][]string // line and values as text, in no particular order
}

// passGate runs a file through the gate alone.
func passGate(tb testing.TB, decls *data.Declarations, dataset, content string) gated {
	tb.Helper()
	return passGateWith(tb, decls, dataset, content, Limits{}, time.Date(2025, 6, 3, 0, 0, 0, 0, time.UTC))
}

func passGateWith(tb testing.TB, decls *data.Declarations, dataset, content string, limits Limits, day time.Time) gated {
	tb.Helper()
	p := newProfile()
	for b := []byte(content); len(b) > 0; b = b[min(len(b), 1000):] {
		p.add(b[:min(len(b), 1000)])
	}
	p.finish()
	g, err := openGate(context.Background(), input{Dataset: decls.Dataset(dataset), Reference: decls.Reference, Name: "f.csv", Profile: *p,
		Open:   func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(content)), nil },
		Limits: limits, Day: day, Temp: tb.TempDir()})
	if err != nil {
		tb.Fatal(err)
	}
	out := gated{gate: g}
	rows := make(chan []string)
	done := make(chan struct{})
	go func() {
		for r := range rows {
			out.rows = append(out.rows, r)
		}
		close(done)
	}()
	if err := g.run(2, func(b *batch) error {
		for n := range b.n {
			r := []string{fmt.Sprint(b.lines[n])}
			for i := range b.cols {
				r = append(r, cellText(&b.cols[i], n))
			}
			rows <- r
		}
		return nil
	}); err != nil {
		tb.Fatal(err)
	}
	close(rows)
	<-done
	if err := g.finish(context.Background()); err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { g.close() })
	out.holds(tb)
	return out
}

func cellText(v *vector, n int) string {
	switch {
	case v.null[n]:
		return "NULL"
	case v.kind == kindDecimal:
		return fmt.Sprint(v.decs[n])
	case v.kind == kindText:
		return string(v.bytesAt(n))
	case v.kind == kindDate:
		return dayTime(v.nums[n]).Format(time.DateOnly)
	}
	return fmt.Sprint(v.nums[n])
}

// holds checks the two identities and that the lists agree with the counts.
func (g gated) holds(tb testing.TB) {
	tb.Helper()
	t := g.total
	if t.records != t.accepted+t.quarantined+t.skipped {
		tb.Errorf("records %d != accepted %d + quarantined %d + skipped %d", t.records, t.accepted, t.quarantined, t.skipped)
	}
	if t.physical != t.header+t.blank+t.skippedLines+t.recordLines {
		tb.Errorf("physical %d != header %d + blank %d + skipped %d + record lines %d", t.physical, t.header, t.blank, t.skippedLines, t.recordLines)
	}
	if int64(g.found.quarantine.total) != t.quarantined {
		tb.Errorf("%d rows listed in quarantine, %d counted", g.found.quarantine.total, t.quarantined)
	}
	for _, v := range []int64{t.physical, t.header, t.blank, t.skippedLines, t.recordLines, t.records, t.accepted, t.quarantined, t.skipped, t.rows} {
		if v < 0 {
			tb.Errorf("negative count in %+v", t)
		}
	}
}

func (g gated) problems(tb testing.TB) []data.Problem {
	tb.Helper()
	var out []data.Problem
	if err := g.found.problems.each(func(b []data.Problem) error { out = append(out, b...); return nil }); err != nil {
		tb.Fatal(err)
	}
	return out
}

// passGateQuiet runs the gate and looks at nothing it lets pass.
func passGateQuiet(tb testing.TB, decls *data.Declarations, dataset, content string) *gate {
	tb.Helper()
	p := newProfile()
	p.add([]byte(content))
	p.finish()
	g, err := openGate(context.Background(), input{Dataset: decls.Dataset(dataset), Reference: decls.Reference, Name: "f.csv", Profile: *p,
		Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(content)), nil }, Temp: tb.TempDir()})
	if err != nil {
		tb.Fatal(err)
	}
	defer g.close()
	if err := g.run(2, nil); err != nil {
		tb.Fatal(err)
	}
	if err := g.finish(context.Background()); err != nil {
		tb.Fatal(err)
	}
	return g
}

// bench is a home with a warehouse and a job on it.
type bench struct {
	*Job
	tb  testing.TB
	log *bytes.Buffer
}

func newJob(tb testing.TB, decls *data.Declarations) bench {
	tb.Helper()
	ctx := context.Background()
	home, err := warehouse.OpenHome(filepath.Join(tb.TempDir(), "casa"))
	if err != nil {
		tb.Fatal(err)
	}
	db, err := warehouse.Open(ctx, home, warehouse.Options{Version: "prueba"})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := db.Close(); err != nil {
			tb.Error(err)
		}
		home.Close()
	})
	for _, ds := range decls.Datasets {
		if _, err := db.Register(ctx, ds); err != nil {
			tb.Fatal(err)
		}
	}
	var log bytes.Buffer
	clock := time.Date(2025, 6, 3, 12, 0, 0, 0, time.UTC)
	return bench{tb: tb, log: &log, Job: &Job{DB: db, Home: home, Decls: decls, Version: "prueba",
		Now: func() time.Time { clock = clock.Add(time.Second); return clock },
		Log: slog.New(slog.NewTextHandler(&log, nil))}}
}

// drop puts a file into the inbox and returns its delivery.
func (b bench) drop(dataset, name, content string) Delivery {
	b.tb.Helper()
	dir := b.Home.Path(warehouse.InboxDir, dataset)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		b.tb.Fatal(err)
	}
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		b.tb.Fatal(err)
	}
	return Delivery{Path: path, Name: name, Dataset: dataset, FromInbox: true}
}

// run loads a delivery and checks what every load must hold.
func (b bench) run(d Delivery) Result {
	b.tb.Helper()
	res, err := b.Run(context.Background(), d)
	if err != nil {
		b.tb.Fatalf("%s: %v", d.Name, err)
	}
	l := res.Load
	if l.Records != l.Accepted+l.Quarantined+l.Skipped || l.PhysicalLines != l.HeaderLines+l.BlankLines+l.SkippedLines+l.RecordLines {
		b.tb.Errorf("%s: counts do not add up: %+v", d.Name, l)
	}
	return res
}

// count runs a query of one number.
func (b bench) count(query string, args ...any) int {
	b.tb.Helper()
	conn, err := b.DB.Conn(context.Background())
	if err != nil {
		b.tb.Fatal(err)
	}
	defer conn.Close()
	var n int
	if err := conn.QueryRowContext(context.Background(), query, args...).Scan(&n); err != nil {
		b.tb.Fatal(err)
	}
	return n
}

func (b bench) exists(name string) bool {
	_, err := os.Lstat(b.Home.Path(name))
	return err == nil
}
