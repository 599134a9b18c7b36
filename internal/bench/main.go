package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"github.com/gttim/cauce/data"
	"github.com/gttim/cauce/internal/generate"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// settings are the flags.
type settings struct {
	cauce, work string
	year, rows  int
	runs        int
	parts       string
	agree       bool
}

// bench is what all parts are made of.
type bench struct {
	settings
	decls *data.Declarations
	dir   string
	peer  string // the bare loads, built
	log   io.Writer
}

// run does the benchmark in a directory that is gone afterwards. The report goes
// to out, what happens meanwhile to log.
func run(ctx context.Context, args []string, out, log io.Writer) error {
	b := bench{log: log}
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.StringVar(&b.cauce, "cauce", "bin/cauce", "the built program")
	flags.StringVar(&b.work, "work", "", "directory for the files of the runs; empty: a temporary one")
	flags.IntVar(&b.year, "year", 2024, "year of the published figures that the file imitates")
	flags.IntVar(&b.rows, "rows", 0, "rows of the file; 0: the published total of the year")
	flags.IntVar(&b.runs, "runs", 7, "runs of each contender")
	flags.StringVar(&b.parts, "parts", strings.Join(partNames(), ","), "what to measure")
	flags.BoolVar(&b.agree, "agree", false, "measure nothing: hold the published values of the file against a count of it in plain Go")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if err := b.prepare(ctx); err != nil {
		return err
	}
	defer os.RemoveAll(b.dir)
	if b.agree {
		file, err := b.events("eventos.csv", generate.Options{Rows: b.rows})
		if err != nil {
			return err
		}
		return agree(ctx, b.cauce, file, b.dir, out)
	}
	fmt.Fprintf(out, "# What Cauce costs\n\n%d runs each, in turns, after one that is not counted. %s\n", b.runs, machine())
	wanted := strings.Split(b.parts, ",")
	for _, p := range parts() {
		if !slices.Contains(wanted, p.name) {
			continue
		}
		if err := b.measure(ctx, p, out); err != nil {
			return fmt.Errorf("%s: %w", p.name, err)
		}
	}
	return nil
}

func (b *bench) prepare(ctx context.Context) error {
	for _, name := range strings.Split(b.parts, ",") {
		if !slices.Contains(partNames(), name) {
			return fmt.Errorf("no part %q; there are %s", name, strings.Join(partNames(), ", "))
		}
	}
	cauce, err := filepath.Abs(b.cauce)
	if err != nil {
		return fmt.Errorf("find %s: %w", b.cauce, err)
	}
	b.cauce = cauce
	if b.decls, err = data.Load(""); err != nil {
		return err
	}
	if b.rows == 0 {
		if b.rows, err = generate.PublishedTotal(data.Files, b.decls, b.year); err != nil {
			return err
		}
	}
	if b.dir, err = os.MkdirTemp(b.work, "cauce-bench-"); err != nil {
		return fmt.Errorf("make work directory: %w", err)
	}
	b.peer = filepath.Join(b.dir, "peer")
	build := exec.CommandContext(ctx, "go", "build", "-o", b.peer, "./internal/bench/peer")
	build.Stderr = b.log
	if err := build.Run(); err != nil {
		return fmt.Errorf("build peer: %w", err)
	}
	return nil
}

// measure makes a part's files, runs it and reports it.
func (b *bench) measure(ctx context.Context, p part, out io.Writer) error {
	fmt.Fprintf(b.log, "%s: make the files\n", p.name)
	all, err := p.contenders(ctx, b)
	if err != nil {
		return err
	}
	results, err := measureAll(ctx, all, b.dir, max(1, b.runs/max(1, p.fewer)), b.log)
	if err != nil {
		return err
	}
	return report(out, p, results)
}
