package main

import (
	"bytes"
	"context"
	"io"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestReport_ratiosArePairByPair(t *testing.T) {
	runs := func(seconds ...int) []sample {
		var out []sample
		for _, s := range seconds {
			out = append(out, sample{wall: time.Duration(s) * time.Second, peakKB: int64(s) << 10})
		}
		return out
	}
	results := []result{
		{contender{name: "a"}, runs(1, 9, 4)},
		{contender{name: "b", target: 0.9}, runs(2, 3, 4)},
	}
	var b bytes.Buffer
	if err := report(&b, part{title: "A part", limits: []limit{{"MiB", 5}}}, results); err != nil {
		t.Fatal(err)
	}
	text := strings.Join(strings.Fields(b.String()), " ")
	for _, want := range []string{
		"| a | 4.000 | 1.000 | 9.000 | 0.000 | 9 |",
		"| b | 0.50 | 1.00 | 3.00 | at most 0.9: not met |",
		"a: at most 5 MiB: not met.",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, b.String())
		}
	}
}

func TestMeasureAll_takesTurnsAndFailsLoudly(t *testing.T) {
	dir := t.TempDir()
	order := filepath.Join(dir, "order")
	note := func(name string) contender {
		return contender{name: name, command: func(string) []string { return []string{"/bin/sh", "-c", "echo " + name + " >> " + order} }}
	}
	results, err := measureAll(t.Context(), []contender{note("a"), note("b")}, dir, 2, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	if len(results) != 2 || len(results[1].samples) != 2 || results[0].samples[0].peakKB == 0 {
		t.Errorf("results = %+v", results)
	}
	_, err = measure(context.Background(), contender{command: func(string) []string { return []string{"/bin/sh", "-c", "echo why >&2; exit 4"} }}, dir)
	if err == nil || !strings.Contains(err.Error(), "why") {
		t.Errorf("err = %v", err)
	}
}

func TestBetween_readsTheLog(t *testing.T) {
	started := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	log := "time=2026-01-01T00:00:01.000Z level=INFO msg=settled x=1\ntime=2026-01-01T00:00:01.500Z level=INFO msg=\"indicators computed\" n=2\n"
	for _, c := range []struct {
		from, to string
		want     time.Duration
	}{{"", "settled", time.Second}, {"settled", "indicators computed", 500 * time.Millisecond}} {
		if got, err := between(log, started, c.from, c.to); err != nil || got != c.want {
			t.Errorf("from %q to %q: %v, %v", c.from, c.to, got, err)
		}
	}
	if _, err := between(log, started, "settled", "published"); err == nil {
		t.Error("a message that is not there has a time")
	}
}
