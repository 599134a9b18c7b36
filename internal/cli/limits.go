package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"regexp"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"github.com/gttim/cauce/ingest"
	"github.com/gttim/cauce/internal/warehouse"
	"github.com/spf13/pflag"
)

// size is a number of bytes as a flag: 512MB, 8MiB, 1000.
type size int64

var units = []struct {
	name  string
	bytes size
}{{"GiB", 1 << 30}, {"MiB", 1 << 20}, {"KiB", 1 << 10}, {"GB", 1e9}, {"MB", 1e6}, {"KB", 1e3}, {"B", 1}, {"", 1}}

// String writes the largest unit of which the size is a whole multiple.
func (s *size) String() string {
	for _, u := range units {
		if *s != 0 && *s%u.bytes == 0 {
			return strconv.FormatInt(int64(*s/u.bytes), 10) + u.name
		}
	}
	return "0"
}

// Set reads a size.
func (s *size) Set(text string) error {
	for _, u := range units {
		number, ok := strings.CutSuffix(text, u.name)
		if !ok {
			continue
		}
		n, err := strconv.ParseInt(strings.TrimSpace(number), 10, 64)
		if err != nil || n <= 0 || n > int64(1<<62)/int64(u.bytes) {
			break
		}
		*s = size(n) * u.bytes
		return nil
	}
	return fmt.Errorf("%q is not a size such as 512MB", text)
}

// Type names the kind of value in the help.
func (s *size) Type() string { return "size" }

// limits are what one delivered file, and the process that reads it, may cost.
type limits struct {
	file, cell, record, memory  size
	columns, distinct, repeated int
	problems                    int
	lines                       int64
	time                        time.Duration
}

// mostColumns is how many cells of a record the gate keeps.
const mostColumns = 16_000

func (l *limits) register(fl *pflag.FlagSet) {
	d := ingest.DefaultLimits()
	l.file, l.cell, l.record, l.memory = size(d.FileBytes), size(d.FieldBytes), size(d.RecordBytes), 512_000_000
	fl.Var(&l.file, "max-file", "bytes of one delivered file; a longer one is refused")
	fl.Var(&l.cell, "max-cell", "bytes of one cell; a longer one sets its row aside")
	fl.Var(&l.record, "max-record", "bytes of one record; a longer one refuses the file")
	fl.IntVar(&l.columns, "max-columns", d.Columns, "columns of a header; more refuse the file")
	fl.IntVar(&l.distinct, "max-distinct", d.Distinct, "distinct values of all columns of repeated text of a file; more refuse it")
	fl.Int64Var(&l.lines, "max-lines", d.Lines, "physical lines of a file; more refuse it")
	fl.IntVar(&l.problems, "max-problems", d.Problems, "problems listed of a file; more refuse it")
	fl.IntVar(&l.repeated, "max-repeated", d.Repeated, "records of a file whose key another one has; more refuse it")
	fl.Var(&l.memory, "max-memory", "memory that a process which loads or judges files may hold, the database's within; beyond it the process ends with exit 1")
	fl.DurationVar(&l.time, "max-time", time.Hour, "how long a process that loads or judges files may run; beyond it the process ends with exit 1")
}

// flags are the limits as serve hands them on to its loads.
func (l *limits) flags() []string {
	return []string{
		"--max-file", l.file.String(), "--max-cell", l.cell.String(), "--max-record", l.record.String(),
		"--max-columns", strconv.Itoa(l.columns), "--max-distinct", strconv.Itoa(l.distinct), "--max-lines", strconv.FormatInt(l.lines, 10),
		"--max-problems", strconv.Itoa(l.problems), "--max-repeated", strconv.Itoa(l.repeated),
		"--max-memory", l.memory.String(), "--max-time", l.time.String(),
	}
}

// gate are the limits of one file.
func (l *limits) gate() ingest.Limits {
	return ingest.Limits{FileBytes: int64(l.file), FieldBytes: int(l.cell), RecordBytes: int(l.record), Columns: l.columns,
		Distinct: l.distinct, Lines: l.lines, Problems: l.problems, Repeated: l.repeated}
}

// check holds that every limit is one.
func (l *limits) check() error {
	switch {
	case l.columns < 1 || l.columns > mostColumns:
		return fmt.Errorf("--max-columns %d: from 1 to %d", l.columns, mostColumns)
	case l.distinct < 1 || l.lines < 1 || l.problems < 1 || l.repeated < 1 || l.time <= 0:
		return errors.New("a --max- flag is not positive")
	case l.distinct > warehouse.MostCodes:
		return fmt.Errorf("--max-distinct %d: at most %d", l.distinct, warehouse.MostCodes)
	case l.record > 1<<30 || l.cell > l.record:
		return errors.New("--max-record is at most 1GiB, and --max-cell no more than it")
	}
	return nil
}

// undone is what became of the rest of a run that was cut short. It may have been cut
// after a load, while indicators were computed: that load stays.
const undone = "a load that was not complete is undone"

// errTime is why a run that took too long was stopped.
var errTime = errors.New("it took too long")

const (
	watchEvery = 100 * time.Millisecond
	// timeGrace is how long a run may take to roll back once its time is up.
	timeGrace = 30 * time.Second
	// gcSlack lets half as much garbage gather before the first is collected.
	gcSlack = 32 << 20
)

// guard bounds the process: past its time the context ends and, if that does not
// end the run, the process does; past its memory the process ends at once. The load
// in hand is rolled back, as after any crash.
func (a *app) guard(ctx context.Context) (context.Context, context.CancelFunc) {
	l := &a.limits
	// The program itself and the database take three fifths; Go keeps within the rest
	// as long as collecting garbage helps.
	debug.SetMemoryLimit(int64(l.memory)/5*2 + gcSlack)
	// Rows are judged in place: collecting twice as often takes a fifteenth of the memory
	// of a load of a million rows off for some hundredths of its time, but while the heap
	// is small it would be collected all the time. Memory that is never touched is none,
	// and counts as heap.
	debug.SetGCPercent(50)
	slack := make([]byte, gcSlack)
	ctx, cancel := context.WithTimeoutCause(ctx, l.time, errTime)
	done := make(chan struct{})
	go func() {
		defer runtime.KeepAlive(slack)
		end := time.NewTimer(l.time + timeGrace)
		defer end.Stop()
		tick := time.NewTicker(watchEvery)
		defer tick.Stop()
		for {
			select {
			case <-done:
				return
			case <-end.C:
				fmt.Fprintf(a.stderr, "cauce: the run took longer than --max-time %v and did not end: %s\n", l.time, undone)
				os.Exit(exitOperational)
			case <-tick.C:
				if held := resident(); held > int64(l.memory) {
					fmt.Fprintf(a.stderr, "cauce: the process holds %d MB of memory, more than --max-memory %s: %s\n", held/1e6, l.memory.String(), undone)
					os.Exit(exitOperational)
				}
			}
		}
	}()
	return ctx, func() { close(done); cancel() }
}

// late says in the error of a run that its time was up, or the database's memory too
// little.
func (a *app) late(ctx context.Context, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(context.Cause(ctx), errTime):
		return fmt.Errorf("the run took longer than --max-time %v: %s: %w", a.limits.time, undone, err)
	case warehouse.IsOutOfMemory(err):
		return memoryError{err, cmp.Or(a.memory, warehouse.DefaultMemoryLimit)}
	}
	return err
}

// memoryError is an error of the database, which has no more memory than the limit, with
// advice that can be followed in place of its own.
type memoryError struct {
	error
	limit string
}

var adviceRE = regexp.MustCompile(`(?s)\s*Possible solutions:.*?how_to_tune_workloads`)

func (e memoryError) Error() string {
	return fmt.Sprintf("%s; %s: give the database more than --memory-limit %s, and --max-memory and the unit's MemoryMax as much more",
		adviceRE.ReplaceAllString(e.error.Error(), ""), undone, e.limit)
}

func (e memoryError) Unwrap() error { return e.error }

// resident is how much memory the process holds, 0 where the system does not say.
func resident() int64 {
	b, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0
	}
	fields := strings.Fields(string(b))
	if len(fields) < 2 {
		return 0
	}
	pages, err := strconv.ParseInt(fields[1], 10, 64)
	if err != nil {
		return 0
	}
	return pages * int64(os.Getpagesize())
}
