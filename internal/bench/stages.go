package main

import (
	"fmt"
	"regexp"
	"strings"
	"time"
)

var logged = regexp.MustCompile(`(?m)^time=(\S+) .*\bmsg=("[^"]*"|\S+)`)

// between is the time from one message of a run's log to another; from "" is the
// run's start.
func between(log string, started time.Time, from, to string) (time.Duration, error) {
	at := map[string]time.Time{"": started}
	for _, m := range logged.FindAllStringSubmatch(log, -1) {
		t, err := time.Parse(time.RFC3339Nano, m[1])
		if err != nil {
			return 0, fmt.Errorf("time of a log line: %w", err)
		}
		at[strings.Trim(m[2], `"`)] = t
	}
	for _, name := range []string{from, to} {
		if at[name].IsZero() {
			return 0, fmt.Errorf("the log has no message %q:\n%s", name, log)
		}
	}
	return at[to].Sub(at[from]), nil
}
