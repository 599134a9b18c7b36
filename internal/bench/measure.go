package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"github.com/gttim/cauce/internal/generate"
)

// contender is one way to load the file. command gets a directory of its own for
// every run, which does not exist yet.
type contender struct {
	name    string
	command func(dir string) []string
}

// The first contender is the one that the others are the measure of.
func contenders(cauce, peer, file string) []contender {
	return []contender{
		{"cauce ingest", func(dir string) []string {
			return []string{cauce, "ingest", "--dir", dir, "--allow-synthetic", "--dataset", generate.Dataset, file}
		}},
		{"DuckDB, default", func(dir string) []string { return []string{peer, "-dir", dir, file} }},
		{"DuckDB, unordered", func(dir string) []string { return []string{peer, "-dir", dir, "-unordered", file} }},
		{"cauce ingest without a file", func(dir string) []string { return []string{cauce, "ingest", "--dir", dir} }},
	}
}

// sample is one run: wall time from start to end of the process, the processor
// time it used, and the most memory it held.
type sample struct {
	wall, cpu time.Duration
	peakKB    int64
}

// result is all runs of a contender, in order: the i-th runs of all contenders
// came right after one another.
type result struct {
	contender
	samples []sample
}

// measureAll runs the contenders in turns, so that what else the machine does
// meets all alike. A first round that is not counted warms the page cache.
func measureAll(ctx context.Context, all []contender, dir string, runs int, log io.Writer) ([]result, error) {
	results := make([]result, len(all))
	for round := range runs + 1 {
		for i, c := range all {
			results[i].contender = c
			home := filepath.Join(dir, "run-"+strconv.Itoa(round)+"-"+strconv.Itoa(i))
			s, err := measure(ctx, c.command(home))
			if err != nil {
				return nil, fmt.Errorf("%s: %w", c.name, err)
			}
			fmt.Fprintf(log, "round %d of %d: %-28s %7.3f s  %5d MiB\n", round, runs, c.name, s.wall.Seconds(), s.peakKB>>10)
			if round > 0 {
				results[i].samples = append(results[i].samples, s)
			}
			if err := os.RemoveAll(home); err != nil {
				return nil, fmt.Errorf("clear run: %w", err)
			}
		}
	}
	return results, nil
}

func measure(ctx context.Context, args []string) (sample, error) {
	var output bytes.Buffer
	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	cmd.Stdout, cmd.Stderr = &output, &output
	started := time.Now()
	err := cmd.Run()
	wall := time.Since(started)
	if err != nil {
		return sample{}, fmt.Errorf("%w\n%s", err, output.Bytes())
	}
	s := sample{wall: wall, cpu: cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()}
	// wait4 tells the peak of this child alone. It is never below what this
	// program held when it started it, which is why files are streamed here.
	if usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		s.peakKB = usage.Maxrss
	}
	return s, nil
}
