package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/gttim/cauce/data"
	"github.com/gttim/cauce/internal/generate"
)

// part is one table of the report: its first contender against each other one.
// fewer divides the number of runs of what takes long.
type part struct {
	name, title string
	fewer       int
	limits      []limit
	contenders  func(ctx context.Context, b *bench) ([]contender, error)
}

// limit is what the first contender may take at most, in all: seconds or MiB, 0
// for no limit.
type limit struct {
	what string // seconds or MiB
	most float64
}

func partNames() []string {
	var out []string
	for _, p := range parts() {
		out = append(out, p.name)
	}
	return out
}

// The targets are those of the project's design: a full load in at most 0.6 of the
// bare typed load's time and so on.
func parts() []part {
	return []part{
		{name: "load", title: "A full load beside the database's own bare load", limits: []limit{{"MiB", 256}},
			contenders: func(ctx context.Context, b *bench) ([]contender, error) {
				return b.loads(ctx, generate.Options{}, true)
			}},
		{name: "shuffled", title: "The same with rows in no order",
			contenders: func(ctx context.Context, b *bench) ([]contender, error) {
				return b.loads(ctx, generate.Options{Shuffle: true}, false)
			}},
		{name: "quoted", title: "The same with every cell in quotes",
			contenders: func(ctx context.Context, b *bench) ([]contender, error) {
				return b.loads(ctx, generate.Options{Quoted: true}, false)
			}},
		{name: "bad", title: "One row in a hundred is bad", contenders: bad},
		{name: "large", title: "Ten times the rows", fewer: 2, limits: []limit{{"MiB", 384}}, contenders: large},
		{name: "monthly", title: "A month's reports of a dozen institutions into a home with all shipped reports", limits: []limit{{"seconds", 1}}, contenders: monthly},
		{name: "backfill", title: "A year of months into a home with all shipped reports", contenders: backfill},
		{name: "workbook", title: "A workbook of 100,000 rows", contenders: workbook},
		{name: "pandas", title: "The same checks in pandas", fewer: 2, contenders: pandas},
		{name: "indicators", title: "Computing and publishing all indicators, of the load they follow", contenders: indicators},
	}
}

// ingest is a load of files into a home.
func (b *bench) ingest(home string, files ...string) contender {
	return contender{name: "cauce ingest", home: home, codes: []int{3}, command: func(dir string) []string {
		return append([]string{b.cauce, "ingest", "--dir", dir, "--allow-synthetic", "--dataset", generate.Dataset}, files...)
	}}
}

// bare is a peer's load.
func (b *bench) bare(name, file string, target float64, flags ...string) contender {
	return contender{name: name, target: target, command: func(dir string) []string {
		return append(append([]string{b.peer, "-dir", dir}, flags...), file)
	}}
}

func named(c contender, name string, target float64) contender {
	c.name, c.target = name, target
	return c
}

// loads sets a load of one file beside the bare loads of it. The home is one in
// use, in which all datasets are registered; an empty one is shown too.
func (b *bench) loads(ctx context.Context, opt generate.Options, empty bool) ([]contender, error) {
	opt.Rows = b.rows
	file, err := b.events(fmt.Sprintf("eventos-%t-%t.csv", opt.Shuffle, opt.Quoted), opt)
	if err != nil {
		return nil, err
	}
	home, err := b.home(ctx)
	if err != nil {
		return nil, err
	}
	out := []contender{b.ingest(home, file), b.bare("DuckDB, typed read_csv, default settings", file, 0.6), b.bare("DuckDB, preserve_insertion_order=false", file, 1, "-unordered")}
	if empty {
		out = append(out, named(b.ingest("", file), "cauce ingest into an empty home", 0))
	}
	return out, nil
}

func bad(ctx context.Context, b *bench) ([]contender, error) {
	clean, err := b.events("limpio.csv", generate.Options{Rows: b.rows})
	if err != nil {
		return nil, err
	}
	spoiled, err := b.events("malo.csv", generate.Options{Rows: b.rows, FaultRate: 0.01})
	if err != nil {
		return nil, err
	}
	home, err := b.home(ctx)
	if err != nil {
		return nil, err
	}
	return []contender{named(b.ingest(home, spoiled), "cauce ingest, 1 % bad rows", 0), named(b.ingest(home, clean), "cauce ingest, no bad row", 1.2)}, nil
}

func large(ctx context.Context, b *bench) ([]contender, error) {
	one, err := b.events("uno.csv", generate.Options{Rows: b.rows})
	if err != nil {
		return nil, err
	}
	ten, err := b.events("diez.csv", generate.Options{Rows: 10 * b.rows})
	if err != nil {
		return nil, err
	}
	home, err := b.home(ctx)
	if err != nil {
		return nil, err
	}
	return []contender{named(b.ingest(home, ten), fmt.Sprintf("cauce ingest of %d rows", 10*b.rows), 0),
		named(b.ingest(home, one), fmt.Sprintf("cauce ingest of %d rows", b.rows), 10.5),
		b.bare("DuckDB, typed read_csv, default settings", ten, 0.6), b.bare("DuckDB, preserve_insertion_order=false", ten, 1, "-unordered")}, nil
}

func monthly(ctx context.Context, b *bench) ([]contender, error) {
	files, err := b.month(data.Day(time.Now()))
	if err != nil {
		return nil, err
	}
	return b.small(ctx, files)
}

func backfill(ctx context.Context, b *bench) ([]contender, error) {
	files, err := b.months(12, data.Day(time.Now()))
	if err != nil {
		return nil, err
	}
	return b.small(ctx, files)
}

// small is a load of small files, recognised by their headers and all of them
// accepted whole, into a home with all shipped reports.
func (b *bench) small(ctx context.Context, files []string) ([]contender, error) {
	home, err := b.shipped(ctx)
	if err != nil {
		return nil, err
	}
	return []contender{{name: fmt.Sprintf("cauce ingest of %d files", len(files)), home: home, command: func(dir string) []string {
		return append([]string{b.cauce, "ingest", "--dir", dir}, files...)
	}}}, nil
}

func workbook(ctx context.Context, b *bench) ([]contender, error) {
	file, err := b.book(100_000)
	if err != nil {
		return nil, err
	}
	home, err := b.home(ctx)
	if err != nil {
		return nil, err
	}
	// 0.8 of the iterator's speed is 1.25 of its time.
	return []contender{b.ingest(home, file), b.bare("excelize, rows read and dropped", file, 1.25, "-xlsx")}, nil
}

func indicators(ctx context.Context, b *bench) ([]contender, error) {
	file, err := b.events("limpio.csv", generate.Options{Rows: b.rows})
	if err != nil {
		return nil, err
	}
	home, err := b.home(ctx)
	if err != nil {
		return nil, err
	}
	after, load := b.ingest(home, file), named(b.ingest(home, file), "the load before them", 0.3)
	after.name, after.from, after.to = "indicators and publication", "settled", "published"
	load.to = "settled"
	return []contender{after, load}, nil
}

// home is one in use without any report: made once, copied for every run.
func (b *bench) home(ctx context.Context) (string, error) {
	home := filepath.Join(b.dir, "casa")
	if _, err := os.Stat(home); err == nil {
		return home, nil
	}
	return home, b.cauceRun(ctx, "ingest", "--dir", home)
}

// shipped is a home with all shipped reports: made once, copied for every run.
func (b *bench) shipped(ctx context.Context) (string, error) {
	home := filepath.Join(b.dir, "incluidos")
	if _, err := os.Stat(home); err == nil {
		return home, nil
	}
	return home, b.cauceRun(ctx, "ingest", "--shipped", "--dir", home)
}

func (b *bench) cauceRun(ctx context.Context, args ...string) error {
	if text, err := exec.CommandContext(ctx, b.cauce, args...).CombinedOutput(); err != nil {
		return fmt.Errorf("cauce %s: %w\n%s", args[0], err, text)
	}
	return nil
}
