package main

import (
	"bytes"
	"embed"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"text/template"
	"time"
)

// What each dataset delivers of a month: DATASET.csv.tmpl, filled by a delivery.
//
//go:embed month/*.csv.tmpl
var monthTemplates embed.FS

// eventsDataset is the largest of a month's files, and the one of a year of months.
const eventsDataset = "upmrip-eventos"

// monthOrder lists the datasets of a month in the order of their publication.
func monthOrder() []string {
	return []string{
		eventsDataset, "sesnsp-fuero-federal", "fgr-embudo", "upmrip-denuncias", "sspc-mesa-resumen", "sspc-mesa-acuerdos",
		"cifras-publicadas", "gttim-acciones", "gttim-acuerdos", "gttim-publicaciones", "gttim-sesiones", "oim-rutas-proteccion",
	}
}

// delivery is what a template of month/ is filled with: the month that the file is
// about, the day of its publication, and codes of the reference tables. Its numbers
// mean nothing and are the same at every run.
type delivery struct {
	States    []state
	month     time.Time // its first day
	published time.Time
	countries []string
	random    *rand.Rand
}

// state is one of the federation's, without what else has a code beside them.
type state struct{ Code, Name string }

func (d *delivery) Year() int         { return d.month.Year() }
func (d *delivery) MonthNumber() int  { return int(d.month.Month()) }
func (d *delivery) Month() string     { return d.month.Format("2006-01") }
func (d *delivery) LastDay() string   { return d.month.AddDate(0, 1, -1).Format(time.DateOnly) }
func (d *delivery) Published() string { return d.published.Format(time.DateOnly) }

// Day is the n-th of the month, from 1 to 28: every month has it.
func (d *delivery) Day(n int) (string, error) {
	if n < 1 || n > 28 {
		return "", fmt.Errorf("not every month has a day %d", n)
	}
	return d.month.AddDate(0, 0, n-1).Format(time.DateOnly), nil
}

// Countries draws n countries, none twice.
func (d *delivery) Countries(n int) []string {
	out := make([]string, 0, n)
	for _, at := range d.random.Perm(len(d.countries))[:min(n, len(d.countries))] {
		out = append(out, d.countries[at])
	}
	return out
}

// AtMost draws a number from 1 to most.
func (d *delivery) AtMost(most int) int { return 1 + d.random.IntN(most) }

// month writes what a dozen institutions deliver of a month, a file of a dataset
// each, published one a day up to the given day, in that order. The month is the
// last that was over when the first was published, since none tells of days to come.
func (b *bench) month(day time.Time) ([]string, error) {
	datasets := monthOrder()
	first := day.AddDate(0, 0, 1-len(datasets))
	month := firstOfMonth(first).AddDate(0, -1, 0)
	var out []string
	for i, dataset := range datasets {
		path, err := b.deliver(dataset, month, first.AddDate(0, 0, i))
		if err != nil {
			return nil, err
		}
		out = append(out, path)
	}
	return out, nil
}

// months writes a file of events for each of the last n months that were over on
// the given day, each published on the day after its month.
func (b *bench) months(n int, day time.Time) ([]string, error) {
	var out []string
	for i := range n {
		month := firstOfMonth(day).AddDate(0, i-n, 0)
		path, err := b.deliver(eventsDataset, month, month.AddDate(0, 1, 0))
		if err != nil {
			return nil, err
		}
		out = append(out, path)
	}
	return out, nil
}

func firstOfMonth(day time.Time) time.Time { return day.AddDate(0, 0, 1-day.Day()) }

// deliver writes a dataset's file of a month into a directory of its day of
// publication, with that day beside it where no column tells it.
func (b *bench) deliver(dataset string, month, published time.Time) (string, error) {
	d := &delivery{month: month, published: published, countries: b.decls.Reference["paises"].Codes(),
		random: rand.New(rand.NewPCG(uint64(month.Year()), uint64(month.Month())))}
	entities := b.decls.Reference["entidades"]
	for _, row := range entities.Rows {
		if row[entities.Column("tipo")] == "estado" {
			d.States = append(d.States, state{row[0], row[entities.Column("nombre")]})
		}
	}
	t, err := template.ParseFS(monthTemplates, "month/"+dataset+".csv.tmpl")
	if err != nil {
		return "", fmt.Errorf("make file: %w", err)
	}
	var text bytes.Buffer
	if err := t.Execute(&text, d); err != nil {
		return "", fmt.Errorf("make file: %w", err)
	}
	dir := filepath.Join(b.dir, "entregas", d.Published())
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", fmt.Errorf("make file: %w", err)
	}
	path := filepath.Join(dir, dataset+"-"+d.Month()+".csv")
	if err := os.WriteFile(path, text.Bytes(), 0o600); err != nil {
		return "", fmt.Errorf("make file: %w", err)
	}
	if header, _, _ := strings.Cut(text.String(), "\n"); strings.Contains(header, "publicado_en") {
		return path, nil
	}
	side := fmt.Sprintf("publicado_en: %s\nfuente: prueba de velocidad\n", d.Published())
	if err := os.WriteFile(path+".meta.yml", []byte(side), 0o600); err != nil {
		return "", fmt.Errorf("make file: %w", err)
	}
	return path, nil
}
