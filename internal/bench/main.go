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
	agree       bool
}

// run does the benchmark in a directory that is gone afterwards. The report goes
// to out, what happens meanwhile to log.
func run(ctx context.Context, args []string, out, log io.Writer) error {
	var s settings
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.StringVar(&s.cauce, "cauce", "bin/cauce", "the built program")
	flags.StringVar(&s.work, "work", "", "directory for the files of the runs; empty: a temporary one")
	flags.IntVar(&s.year, "year", 2024, "year of the published figures that the file imitates")
	flags.IntVar(&s.rows, "rows", 0, "rows of the file; 0: the published total of the year")
	flags.IntVar(&s.runs, "runs", 7, "runs of each contender")
	flags.BoolVar(&s.agree, "agree", false, "instead, hold the published values against a count of the file")
	if err := flags.Parse(args); err != nil {
		return err
	}
	cauce, err := filepath.Abs(s.cauce)
	if err != nil {
		return fmt.Errorf("find %s: %w", s.cauce, err)
	}
	s.cauce = cauce
	dir, err := os.MkdirTemp(s.work, "cauce-bench-")
	if err != nil {
		return fmt.Errorf("make work directory: %w", err)
	}
	defer os.RemoveAll(dir)

	fmt.Fprintln(log, "build the peer")
	peer := filepath.Join(dir, "peer")
	build := exec.CommandContext(ctx, "go", "build", "-o", peer, "./internal/bench/peer")
	build.Stderr = log
	if err := build.Run(); err != nil {
		return fmt.Errorf("build peer: %w", err)
	}
	fmt.Fprintln(log, "generate the file")
	file, err := makeFile(filepath.Join(dir, "eventos.csv"), &s)
	if err != nil {
		return err
	}
	if s.agree {
		return agree(ctx, s.cauce, file.path, dir, out)
	}
	results, err := measureAll(ctx, contenders(s.cauce, peer, file.path), dir, s.runs, log)
	if err != nil {
		return err
	}
	return report(out, file, results)
}

// delivery is the generated file.
type delivery struct {
	path  string
	rows  int
	bytes int64
	year  int
}

func makeFile(path string, s *settings) (delivery, error) {
	decls, err := data.Load("")
	if err != nil {
		return delivery{}, err
	}
	if s.rows == 0 {
		if s.rows, err = generate.PublishedTotal(data.Files, decls, s.year); err != nil {
			return delivery{}, err
		}
	}
	f, err := os.Create(path)
	if err != nil {
		return delivery{}, fmt.Errorf("make file: %w", err)
	}
	defer f.Close()
	opt := generate.Options{Files: data.Files, Declarations: decls, Year: s.year, Rows: s.rows, Seed: 1}
	if err := generate.Events(f, opt); err != nil {
		return delivery{}, err
	}
	if err := f.Sync(); err != nil {
		return delivery{}, fmt.Errorf("make file: %w", err)
	}
	st, err := f.Stat()
	if err != nil {
		return delivery{}, fmt.Errorf("make file: %w", err)
	}
	return delivery{path: path, rows: s.rows, bytes: st.Size(), year: s.year}, nil
}
