package inbox

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/fsnotify/fsnotify"
	"github.com/jonboulle/clockwork"
	"go.uber.org/goleak"

	"github.com/gttim/cauce/data"
	"github.com/gttim/cauce/internal/warehouse"
)

// fakeRunner stands for the child: it notes the calls, moves the files away as
// a load does, and gives the codes it was told to, 0 afterwards.
type fakeRunner struct {
	mu    sync.Mutex
	calls [][]string
	codes []int
	keep  bool // leave the files in the inbox
}

func (r *fakeRunner) Run(_ context.Context, args []string) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.calls = append(r.calls, args)
	code := 0
	if len(r.codes) > 0 {
		code, r.codes = r.codes[0], r.codes[1:]
	}
	for _, f := range args {
		if strings.Contains(f, "/inbox/") && !r.keep && code != exitBusy {
			if err := os.Remove(f); err != nil {
				return exitOperational, err
			}
		}
	}
	return code, nil
}

// files lists the base names of every call, "-" for a publication.
func (r *fakeRunner) files() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	var out []string
	for _, c := range r.calls {
		var names []string
		for _, a := range c {
			if strings.Contains(a, "/inbox/") {
				names = append(names, filepath.Base(a))
			}
		}
		if slices.Contains(c, "--publish") {
			names = append(names, "-")
		}
		out = append(out, strings.Join(names, " "))
	}
	return out
}

// wallClock is a fake clock whose wall time can be set while timers run on. Its
// one ticker, the clock watcher's, is driven by pass.
type wallClock struct {
	*clockwork.FakeClock
	mu    sync.Mutex
	set   time.Duration
	ticks chan time.Time
}

func newWallClock(at time.Time) *wallClock {
	return &wallClock{FakeClock: clockwork.NewFakeClockAt(at), ticks: make(chan time.Time)}
}

type wallTicker chan time.Time

func (t wallTicker) Chan() <-chan time.Time                   { return t }
func (t wallTicker) Reset(time.Duration)                      {}
func (t wallTicker) Stop()                                    {}
func (c *wallClock) NewTicker(time.Duration) clockwork.Ticker { return wallTicker(c.ticks) }

func (c *wallClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.FakeClock.Now().Add(c.set)
}

func (c *wallClock) Since(t time.Time) time.Duration { return c.Now().Sub(t) }
func (c *wallClock) Until(t time.Time) time.Duration { return t.Sub(c.Now()) }

func (c *wallClock) setBy(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.set += d
}

// pass lets d pass tick by tick: each is taken only when the watcher is done
// with the one before.
func (c *wallClock) pass(d time.Duration) {
	for ; d > 0; d -= clockLook {
		c.Advance(min(d, clockLook))
		if d >= clockLook {
			c.ticks <- c.Now()
		}
		time.Sleep(50 * time.Microsecond)
	}
}

// mexico is a moment in the zone of the schedules.
func mexico(t *testing.T, text string) time.Time {
	t.Helper()
	loc, err := time.LoadLocation(Zone)
	if err != nil {
		t.Fatal(err)
	}
	at, err := time.ParseInLocation("2006-01-02 15:04", text, loc)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func declared(schedule string) *data.Declarations {
	ds := &data.Dataset{Contract: data.Contract{ID: "sspc-mesa-resumen", Cadence: data.Cadence{Schedule: schedule}}}
	return &data.Declarations{Datasets: []*data.Dataset{ds, {Contract: data.Contract{ID: "gttim-acciones"}}}}
}

// start runs a Scheduler until the test ends and checks that nothing is left.
func start(t *testing.T, opt SchedulerOptions, change func(*Scheduler)) {
	t.Helper()
	opt.Log = slog.New(slog.DiscardHandler)
	s, err := NewScheduler(opt)
	if err != nil {
		t.Fatal(err)
	}
	if change != nil {
		change(s)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- s.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
		goleak.VerifyNone(t)
	})
}

// eventually waits for a condition that must come to hold.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); !ok(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("still not so: " + what)
		}
	}
}

func put(t *testing.T, name, text string, age time.Duration) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o750); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	at := time.Now().Add(-age)
	if err := os.Chtimes(name, at, at); err != nil {
		t.Fatal(err)
	}
}

func TestWatch_takesCompleteFilesOnly(t *testing.T) {
	for name, notify := range map[string]func() (*fsnotify.Watcher, error){
		"events": fsnotify.NewWatcher,
		"fault 98: no events": func() (*fsnotify.Watcher, error) {
			return nil, errors.New("no inotify")
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir, runner := t.TempDir(), &fakeRunner{}
			var mu sync.Mutex
			results := map[string]int{}
			start(t, SchedulerOptions{
				Dir: dir, Declarations: declared(""), Runner: runner,
				Rescan: 20 * time.Millisecond, Settle: 60 * time.Millisecond,
				OnResult: func(dataset string, code int, _ time.Duration) {
					mu.Lock()
					defer mu.Unlock()
					results[dataset] = code
				},
			}, func(s *Scheduler) { s.inbox.notify = notify })

			in := filepath.Join(dir, "inbox", "sspc-mesa-resumen")
			for _, ignored := range []string{".oculto.csv", "a.part", "b.tmp", "c.csv.meta.yml"} {
				put(t, filepath.Join(in, ignored), "x", 0)
			}
			put(t, filepath.Join(dir, "inbox", "no-declarado", "x.csv"), "x", 0)
			put(t, filepath.Join(dir, "inbox", "suelto.csv"), "x", 0)
			put(t, filepath.Join(in, "mesa.csv"), "x", 0)
			put(t, filepath.Join(dir, "inbox", "gttim-acciones", "acciones.csv"), "x", -time.Hour)
			eventually(t, "both files loaded and told", func() bool {
				mu.Lock()
				defer mu.Unlock()
				_, mesa := results["sspc-mesa-resumen"]
				_, acciones := results["gttim-acciones"]
				return mesa && acciones
			})
			got := runner.files()
			slices.Sort(got) // one look may find both
			if !slices.Equal(got, []string{"acciones.csv", "mesa.csv"}) {
				t.Errorf("calls = %q", got)
			}
		})
	}
}

func TestInbox_waitsWhileAFileGrows(t *testing.T) {
	dir, clock := t.TempDir(), clockwork.NewFakeClock()
	in := newInbox(dir, SchedulerOptions{Clock: clock, Log: slog.New(slog.DiscardHandler), Settle: time.Second, Declarations: declared("")})
	if err := in.open(); err != nil {
		t.Fatal(err)
	}
	defer in.close()
	name := filepath.Join(dir, "inbox", "gttim-acciones", "a.csv")
	look := func(want ...string) {
		t.Helper()
		if err := in.look(); err != nil {
			t.Fatal(err)
		}
		if _, got := in.batch(10); !slices.Equal(got, want) {
			t.Errorf("batch = %q, want %q", got, want)
		}
	}
	put(t, name, "a", time.Hour)
	look()
	clock.Advance(time.Second)
	put(t, name, "ab", time.Hour) // grew between the looks
	look()
	clock.Advance(999 * time.Millisecond)
	look()
	put(t, name+warehouse.SidecarSuffix, "publicado: 2026-01-01", 0) // the sidecar counts too
	clock.Advance(time.Millisecond)
	look()
	clock.Advance(time.Second)
	look("inbox/gttim-acciones/a.csv")
	if err := os.Remove(name); err != nil {
		t.Fatal(err)
	}
	look()
}

// Ten thousand files at once.
func TestInbox_fault98_batchesAreBoundedAndOldestFirst(t *testing.T) {
	dir, clock := t.TempDir(), clockwork.NewFakeClock()
	in := newInbox(dir, SchedulerOptions{Clock: clock, Log: slog.New(slog.DiscardHandler), Settle: time.Second, Declarations: declared("")})
	if err := in.open(); err != nil {
		t.Fatal(err)
	}
	defer in.close()
	for i := range 10_000 {
		put(t, filepath.Join(dir, "inbox", "gttim-acciones", strconv.Itoa(i)+".csv"), "x", time.Duration(i)*time.Second)
	}
	put(t, filepath.Join(dir, "inbox", "sspc-mesa-resumen", "m.csv"), "x", 9_998*time.Second+500*time.Millisecond)
	for range 2 {
		if err := in.look(); err != nil {
			t.Fatal(err)
		}
		clock.Advance(time.Second)
	}
	dataset, files := in.batch(3)
	want := []string{"inbox/gttim-acciones/9999.csv", "inbox/gttim-acciones/9998.csv", "inbox/gttim-acciones/9997.csv"}
	if dataset != "gttim-acciones" || !slices.Equal(files, want) {
		t.Errorf("first batch = %s %q", dataset, files)
	}
	in.tried(files)
	dataset, files = in.batch(3)
	if dataset != "sspc-mesa-resumen" || !slices.Equal(files, []string{"inbox/sspc-mesa-resumen/m.csv"}) {
		t.Errorf("second batch = %s %q", dataset, files)
	}
}

func TestScheduler_retriesABusyWarehouse(t *testing.T) {
	dir := t.TempDir()
	clock := newWallClock(mexico(t, "2026-03-10 12:00"))
	runner := &fakeRunner{codes: []int{exitBusy, exitBusy, 3}}
	var mu sync.Mutex
	var codes []int
	start(t, SchedulerOptions{
		Dir: dir, Declarations: declared(""), Runner: runner, Clock: clock,
		OnResult: func(_ string, code int, _ time.Duration) {
			mu.Lock()
			defer mu.Unlock()
			codes = append(codes, code)
		},
	}, nil)
	put(t, filepath.Join(dir, "inbox", "gttim-acciones", "a.csv"), "x", 0)
	eventually(t, "three calls and one result", func() bool {
		clock.pass(clockLook)
		mu.Lock()
		defer mu.Unlock()
		return len(codes) == 1
	})
	if got := runner.files(); !slices.Equal(got, []string{"a.csv", "a.csv", "a.csv"}) || codes[0] != 3 {
		t.Errorf("calls = %q, codes = %v", got, codes)
	}
}

// A file that a load leaves where it is must not be tried in a loop; the
// dataset's schedule lets it be tried again.
func TestScheduler_holdsWhatFailed(t *testing.T) {
	dir := t.TempDir()
	clock := newWallClock(mexico(t, "2026-03-10 12:00"))
	runner := &fakeRunner{keep: true, codes: []int{1, 1, 1, 1, 1, 1, 1, 1, 1, 1}}
	start(t, SchedulerOptions{Dir: dir, Declarations: declared("30 12 * * *"), Runner: runner, Clock: clock}, nil)
	put(t, filepath.Join(dir, "inbox", "sspc-mesa-resumen", "a.csv"), "x", 0)
	eventually(t, "first try", func() bool {
		clock.pass(time.Second)
		return len(runner.files()) == 1
	})
	clock.pass(20 * time.Minute)
	tries := len(runner.files()) // after 1, 3, 7 and 15 minutes more at most
	if tries < 2 || tries > 5 {
		t.Errorf("tries in 20 minutes = %d", tries)
	}
	clock.pass(6 * time.Minute)
	before := len(runner.files())
	eventually(t, "try on schedule", func() bool {
		clock.pass(clockLook)
		return len(runner.files()) > before
	})
	if now := clock.Now(); now.After(mexico(t, "2026-03-10 12:35")) {
		t.Errorf("tried only at %v", now)
	}
}

// The clock is set while the scheduler runs.
func TestScheduler_fault96_clockIsSet(t *testing.T) {
	for name, c := range map[string]struct {
		set  time.Duration
		when string        // the clock before it is set
		pass time.Duration // afterwards
		want int           // daily publications in all
	}{
		"untouched":                          {0, "2026-03-11 00:20", 24 * time.Hour, 2},
		"back an hour after it ran":          {-time.Hour, "2026-03-11 00:20", 2 * time.Hour, 1},
		"back an hour, then the next day":    {-time.Hour, "2026-03-11 00:20", 26 * time.Hour, 2},
		"back an hour before it ran":         {-time.Hour, "2026-03-10 23:50", 90 * time.Minute, 1},
		"back a year":                        {-365 * 24 * time.Hour, "2026-03-11 00:20", 24 * time.Hour, 2},
		"forward over it":                    {8 * time.Hour, "2026-03-10 23:00", time.Minute, 1},
		"forward over it, then the next day": {8 * time.Hour, "2026-03-10 23:00", 24 * time.Hour, 2},
		"forward a year":                     {365 * 24 * time.Hour, "2026-03-10 23:00", 2 * time.Hour, 2},
	} {
		t.Run(name, func(t *testing.T) {
			begin := mexico(t, "2026-03-10 22:30")
			clock := newWallClock(begin)
			runner := &fakeRunner{}
			start(t, SchedulerOptions{Dir: t.TempDir(), Declarations: declared(""), Runner: runner, Clock: clock}, nil)
			// The look and the daily job.
			if err := clock.BlockUntilContext(t.Context(), 2); err != nil {
				t.Fatal(err)
			}
			clock.pass(mexico(t, c.when).Sub(begin))
			clock.setBy(c.set)
			clock.pass(c.pass)
			eventually(t, "all publications", func() bool { return len(runner.files()) >= c.want })
			if got := runner.files(); len(got) != c.want {
				t.Errorf("publications = %d, want %d", len(got), c.want)
			}
		})
	}
}

func TestNewScheduler_refusesABadSchedule(t *testing.T) {
	_, err := NewScheduler(SchedulerOptions{Dir: t.TempDir(), Declarations: declared("cada lunes"), Runner: &fakeRunner{}})
	if !errors.Is(err, data.ErrDeclaration) {
		t.Errorf("err = %v, want data.ErrDeclaration", err)
	}
}
