package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
	"time"
)

// contender is one way to do the job. command gets a directory of its own for every
// run: a copy of home where there is one, else one that does not exist yet. target
// is the most that the first contender may take of this one's time, 0 for none;
// codes are the exit codes besides 0 that are no failure; from and to, where given,
// cut a run's time at two messages of its log.
type contender struct {
	name     string
	home     string
	command  func(dir string) []string
	target   float64
	codes    []int
	from, to string
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
			if c.home != "" {
				if err := os.CopyFS(home, os.DirFS(c.home)); err != nil {
					return nil, fmt.Errorf("%s: copy home: %w", c.name, err)
				}
			}
			syscall.Sync() // what was copied is not this run's to write
			s, err := measure(ctx, c, home)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", c.name, err)
			}
			fmt.Fprintf(log, "round %d of %d: %-44s %7.3f s  %5d MiB\n", round, runs, c.name, s.wall.Seconds(), s.peakKB>>10)
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

func measure(ctx context.Context, c contender, home string) (sample, error) {
	args := c.command(home)
	var output bytes.Buffer
	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	cmd.Stdout, cmd.Stderr = &output, &output
	started := time.Now()
	err := cmd.Run()
	wall := time.Since(started)
	var exit *exec.ExitError
	if errors.As(err, &exit) && slices.Contains(c.codes, exit.ExitCode()) {
		err = nil
	}
	if err != nil {
		return sample{}, fmt.Errorf("%w\n%s", err, output.Bytes())
	}
	if c.to != "" {
		if wall, err = between(output.String(), started, c.from, c.to); err != nil {
			return sample{}, err
		}
	}
	s := sample{wall: wall, cpu: cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()}
	// wait4 tells the peak of this child alone. It is never below what this
	// program held when it started it, which is why files are streamed here.
	if usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		s.peakKB = usage.Maxrss
	}
	return s, nil
}
