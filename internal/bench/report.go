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

// report writes the Markdown: what was loaded where, each contender's medians,
// and the first contender's ratio to the others, pair by pair.
func report(w io.Writer, file delivery, results []result) error {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s of %d rows\n\n", results[0].name, file.rows)
	fmt.Fprintf(&b, "Generated file with the margins of %d, %.1f MB. %d runs each, in turns, after one that is not counted.\n",
		file.year, float64(file.bytes)/1e6, len(results[0].samples))
	fmt.Fprintf(&b, "%s\n\n", machine())

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
	b.WriteString("\nRatio of the first to each other one, of the runs that followed one another:\n\n")
	fmt.Fprintf(t, "| against\t| min\t| median\t| max\t|\n|---\t|---\t|---\t|---\t|\n")
	for _, r := range results[1:] {
		q := ratios(results[0].samples, r.samples)
		fmt.Fprintf(t, "| %s\t| %.2f\t| %.2f\t| %.2f\t|\n", r.name, q[0], median(q), q[len(q)-1])
	}
	if err := t.Flush(); err != nil {
		return err
	}
	if _, err := io.WriteString(w, b.String()); err != nil {
		return fmt.Errorf("write report: %w", err)
	}
	return nil
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
