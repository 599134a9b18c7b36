package main

import (
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
)

// report writes a part's Markdown: each contender's medians, the first one's ratio
// to the others, pair by pair, and what it is held to.
func report(w io.Writer, p part, results []result) error {
	var b strings.Builder
	fmt.Fprintf(&b, "\n## %s\n\n", p.title)
	if len(results) == 0 {
		b.WriteString("Left out on this machine.\n")
		_, err := io.WriteString(w, b.String())
		return err
	}
	t := tabwriter.NewWriter(&b, 0, 0, 1, ' ', 0)
	fmt.Fprintf(t, "| contender\t| median s\t| min\t| max\t| processor s\t| peak MiB\t|\n|---\t|---\t|---\t|---\t|---\t|---\t|\n")
	for _, r := range results {
		wall := values(r.samples, func(s sample) float64 { return s.wall.Seconds() })
		cpu := values(r.samples, func(s sample) float64 { return s.cpu.Seconds() })
		peak := values(r.samples, func(s sample) float64 { return float64(s.peakKB) / 1024 })
		fmt.Fprintf(t, "| %s\t| %.3f\t| %.3f\t| %.3f\t| %.3f\t| %.0f\t|\n",
			r.name, median(wall), wall[0], wall[len(wall)-1], median(cpu), peak[len(peak)-1])
	}
	if err := t.Flush(); err != nil {
		return err
	}
	for _, l := range p.limits {
		fmt.Fprintf(&b, "\n%s\n", l.judge(results[0]))
	}
	if len(results) > 1 {
		b.WriteString("\nTime of the first, of each other one's, run by run:\n\n")
		fmt.Fprintf(t, "| of\t| min\t| median\t| max\t| target\t|\n|---\t|---\t|---\t|---\t|---\t|\n")
	}
	for _, r := range results[1:] {
		q := ratios(results[0].samples, r.samples)
		fmt.Fprintf(t, "| %s\t| %.2f\t| %.2f\t| %.2f\t| %s\t|\n", r.name, q[0], median(q), q[len(q)-1], r.held(median(q)))
	}
	if err := t.Flush(); err != nil {
		return err
	}
	if _, err := io.WriteString(w, b.String()); err != nil {
		return fmt.Errorf("write report: %w", err)
	}
	return nil
}

// held says what a ratio to this contender is held to.
func (r result) held(ratio float64) string {
	if r.target == 0 {
		return "none"
	}
	return fmt.Sprintf("at most %g: %s", r.target, met(ratio, r.target))
}

func (l limit) judge(r result) string {
	got := median(values(r.samples, func(s sample) float64 { return s.wall.Seconds() }))
	if l.what == "MiB" {
		peak := values(r.samples, func(s sample) float64 { return float64(s.peakKB) / 1024 })
		got = peak[len(peak)-1]
	}
	return fmt.Sprintf("%s: at most %g %s: %s.", r.name, l.most, l.what, met(got, l.most))
}

func met(got, most float64) string {
	if got <= most {
		return "met"
	}
	return "not met"
}

// values gives one measure of every sample, ascending.
func values(samples []sample, of func(sample) float64) []float64 {
	out := make([]float64, len(samples))
	for i, s := range samples {
		out[i] = of(s)
	}
	slices.Sort(out)
	return out
}

// ratios gives a's wall time over b's of every pair, ascending.
func ratios(a, b []sample) []float64 {
	out := make([]float64, len(a))
	for i := range a {
		out[i] = float64(a[i].wall) / float64(b[i].wall)
	}
	slices.Sort(out)
	return out
}

// median is that of an ascending list.
func median(sorted []float64) float64 {
	n := len(sorted)
	return (sorted[(n-1)/2] + sorted[n/2]) / 2
}

// machine says where it was measured and how busy that was.
func machine() string {
	load := "unknown"
	if b, err := os.ReadFile("/proc/loadavg"); err == nil {
		load = strings.Join(strings.Fields(string(b))[:3], " ")
	}
	return fmt.Sprintf("%s/%s, %d cores, %s, load %s, %s.",
		runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), runtime.Version(), load, time.Now().UTC().Format(time.DateOnly))
}
