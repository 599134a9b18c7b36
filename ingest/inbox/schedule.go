package inbox

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"sync"
	"time"
	_ "time/tzdata" // America/Mexico_City must be there on a machine without zone files

	"github.com/go-co-op/gocron/v2"
	"github.com/jonboulle/clockwork"

	"github.com/gttim/cauce/data"
)

// Zone is the time zone of every schedule.
const Zone = "America/Mexico_City"

// dailyPublication is when figures are published anew although nothing came in:
// answers and lateness change with the date.
const dailyPublication = "5 0 * * *"

// A wall clock can be set while timers run on: every clockLook the scheduler
// compares both, and a difference of more than clockSlack makes it plan anew.
const (
	clockLook  = 15 * time.Second
	clockSlack = 30 * time.Second
	remembered = 64 // due instants remembered per schedule, so that none runs twice
)

// SchedulerOptions says what a Scheduler watches and how. Dir, Declarations and
// Log are required; a zero value of the others means what the comment says.
type SchedulerOptions struct {
	Dir          string             // the home directory
	Declarations *data.Declarations // datasets whose inbox folders are watched
	Args         []string           // flags handed on to every child
	Log          *slog.Logger
	Runner       Runner          // nil: children of this very program, see NewChild
	Clock        clockwork.Clock // nil: the machine's
	// OnResult is told the exit code of every load of inbox files that ended by
	// itself, once, after its retries. It is called from Run's goroutine.
	OnResult func(dataset string, exitCode int, took time.Duration)
	Rescan   time.Duration // between two looks at the inbox; 0: 5 s
	Settle   time.Duration // a file must not have changed for that long; 0: 1 s
	Batch    int           // files handed to one child at most; 0: 32
}

// Scheduler loads what comes into the inbox, runs each dataset's schedule and
// publishes once a day. It starts one child at a time and opens no warehouse.
type Scheduler struct {
	opt     SchedulerOptions
	dir     string
	inbox   *inbox
	plans   []*plan
	wake    chan struct{} // speaks when due has grown
	mu      sync.Mutex
	due     map[string]bool // datasets of the plans whose time has come and that have not been served
	publish bool            // the daily publication is due
	hold    hold            // of the daily publication
}

// plan is one schedule: that of a dataset, or the daily publication (dataset "").
type plan struct {
	dataset string
	crontab string
	next    gocron.Cron
	seen    time.Time   // due instants up to here were dealt with
	ran     []time.Time // newest last, at most remembered
	job     gocron.Job
}

// NewScheduler checks the options and every schedule. A cron expression that
// cannot be read is a data.ErrDeclaration.
func NewScheduler(opt SchedulerOptions) (*Scheduler, error) {
	dir, err := filepath.Abs(opt.Dir)
	if err != nil {
		return nil, fmt.Errorf("find %s: %w", opt.Dir, err)
	}
	if opt.Clock == nil {
		opt.Clock = clockwork.NewRealClock()
	}
	if opt.Runner == nil {
		if opt.Runner, err = NewChild(nil); err != nil {
			return nil, err
		}
	}
	if opt.OnResult == nil {
		opt.OnResult = func(string, int, time.Duration) {}
	}
	opt.Rescan = orDuration(opt.Rescan, 5*time.Second)
	opt.Settle = orDuration(opt.Settle, time.Second)
	if opt.Batch <= 0 {
		opt.Batch = 32
	}
	s := &Scheduler{opt: opt, dir: dir, wake: make(chan struct{}, 1), due: map[string]bool{}}
	s.inbox = newInbox(dir, opt)
	if err := s.addPlan("", dailyPublication); err != nil {
		return nil, err
	}
	for _, ds := range opt.Declarations.Datasets {
		if ds.Cadence.Schedule == "" {
			continue
		}
		if err := s.addPlan(ds.ID, ds.Cadence.Schedule); err != nil {
			return nil, err
		}
	}
	return s, nil
}

func orDuration(d, other time.Duration) time.Duration {
	if d > 0 {
		return d
	}
	return other
}

func (s *Scheduler) addPlan(dataset, crontab string) error {
	loc, err := time.LoadLocation(Zone)
	if err != nil {
		return fmt.Errorf("load zone %s: %w", Zone, err)
	}
	p := &plan{dataset: dataset, crontab: crontab, next: gocron.NewDefaultCron(false)}
	p.seen = s.opt.Clock.Now()
	if err := p.next.IsValid(crontab, loc, p.seen); err != nil {
		return fmt.Errorf("dataset %s: cadence.schedule %q: %w: %w", dataset, crontab, err, data.ErrDeclaration)
	}
	s.plans = append(s.plans, p)
	return nil
}

// Run watches and loads until ctx is done and its last child has ended. The
// error is of the start only (an inbox that cannot be made or read); what goes
// wrong later is logged and tried again.
func (s *Scheduler) Run(ctx context.Context) error {
	if err := s.inbox.open(); err != nil {
		return err
	}
	defer s.inbox.close()
	changes, stop, err := s.inbox.watch()
	if err != nil {
		s.opt.Log.Warn("no file system events, the inbox is only looked at", "every", s.opt.Rescan, "error", err)
	}
	defer stop()
	cron, err := s.startCron()
	if err != nil {
		return err
	}
	defer func() {
		if err := cron.Shutdown(); err != nil {
			s.opt.Log.Warn("stop schedules", "error", err)
		}
	}()
	var clocks sync.WaitGroup
	clocks.Go(func() { s.watchClock(ctx, cron) })
	defer clocks.Wait()

	for ctx.Err() == nil {
		if s.turn(ctx) {
			continue
		}
		timer := s.opt.Clock.NewTimer(s.inbox.nextLook())
		select {
		case <-ctx.Done():
		case <-s.wake:
		case <-changes:
		case <-timer.Chan():
		}
		timer.Stop()
	}
	return nil
}

// turn serves the schedules that are due and one batch of the inbox. It tells
// whether it started a child, so that there may be more to do at once.
func (s *Scheduler) turn(ctx context.Context) bool {
	for _, dataset := range s.takeDue() {
		if dataset == "" {
			s.publish, s.hold = true, hold{}
			continue
		}
		s.opt.Log.Info("scheduled load", "dataset", dataset)
		s.inbox.release(dataset)
	}
	if s.publish && s.hold.over(s.opt.Clock) {
		s.opt.Log.Info("daily publication")
		s.publish = s.runChild(ctx, nil) != exitDone
		s.hold.fail(s.opt.Clock)
		return true
	}
	if err := s.inbox.look(); err != nil {
		s.opt.Log.Error("look at inbox", "error", err)
		return false
	}
	dataset, files := s.inbox.batch(s.opt.Batch)
	if len(files) == 0 {
		return false
	}
	s.opt.Log.Info("load", "dataset", dataset, "files", len(files))
	started := s.opt.Clock.Now()
	code := s.runChild(ctx, files)
	s.inbox.tried(files)
	if ctx.Err() == nil {
		took := s.opt.Clock.Since(started)
		s.opt.Log.Info("load ended", "dataset", dataset, "exit", code, "took", took)
		s.opt.OnResult(dataset, code, took)
	}
	return true
}

func (s *Scheduler) takeDue() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var names []string
	for _, p := range s.plans {
		if s.due[p.dataset] {
			names = append(names, p.dataset)
		}
	}
	clear(s.due)
	return names
}

// startCron starts gocron with a job for every plan.
func (s *Scheduler) startCron() (gocron.Scheduler, error) {
	loc, err := time.LoadLocation(Zone)
	if err != nil {
		return nil, fmt.Errorf("load zone %s: %w", Zone, err)
	}
	cron, err := gocron.NewScheduler(gocron.WithClock(s.opt.Clock), gocron.WithLocation(loc))
	if err != nil {
		return nil, fmt.Errorf("start schedules: %w", err)
	}
	if err := s.planAnew(cron); err != nil {
		return nil, fmt.Errorf("start schedules: %w", err)
	}
	cron.Start()
	return cron, nil
}

// planAnew sets every job's timer by the wall clock as it is now.
func (s *Scheduler) planAnew(cron gocron.Scheduler) error {
	for _, p := range s.plans {
		if p.job != nil {
			if err := cron.RemoveJob(p.job.ID()); err != nil {
				return fmt.Errorf("plan %q: %w", p.crontab, err)
			}
		}
		job, err := cron.NewJob(gocron.CronJob(p.crontab, false), gocron.NewTask(func() {
			s.fire(p, s.opt.Clock.Now())
		}))
		if err != nil {
			return fmt.Errorf("plan %q: %w", p.crontab, err)
		}
		p.job = job
	}
	return nil
}

// fire notes the plan's newest due instant since it was last seen to, unless it
// ran before. Every instant counts once: a clock that is set back brings the
// same instants again.
func (s *Scheduler) fire(p *plan, now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var due time.Time
	limit := now.Add(time.Second) // timers may fire a moment early
	for t := p.next.Next(p.seen); !t.IsZero() && !t.After(limit); t = p.next.Next(t) {
		due = t
	}
	if now.After(p.seen) {
		p.seen = now
	}
	if due.IsZero() || ranAt(p.ran, due) {
		return
	}
	p.ran = append(p.ran, due)
	if len(p.ran) > remembered {
		p.ran = p.ran[1:]
	}
	s.due[p.dataset] = true
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

func ranAt(ran []time.Time, due time.Time) bool {
	return slices.ContainsFunc(ran, due.Equal)
}

// watchClock plans anew when the wall clock was set or the machine slept, and
// fires once what became due in between.
func (s *Scheduler) watchClock(ctx context.Context, cron gocron.Scheduler) {
	ticker := s.opt.Clock.NewTicker(clockLook)
	defer ticker.Stop()
	// Without the monotonic reading, differences are those of the wall clock.
	last := s.opt.Clock.Now().Round(0)
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.Chan():
		}
		now := s.opt.Clock.Now().Round(0)
		if jump := now.Sub(last) - clockLook; jump.Abs() > clockSlack {
			s.opt.Log.Warn("clock was set or machine slept: schedules are planned anew", "jump", jump)
			if err := s.planAnew(cron); err != nil {
				s.opt.Log.Error("plan schedules anew", "error", err)
			}
			for _, p := range s.plans {
				s.seeAgainFrom(p, now)
				s.fire(p, now)
			}
		}
		last = now
	}
}

// seeAgainFrom lets a clock that was set back bring the instants after now.
func (s *Scheduler) seeAgainFrom(p *plan, now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if now.Before(p.seen) {
		p.seen = now
	}
}
