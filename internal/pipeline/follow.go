package pipeline

import (
	"context"
	"sync"

	"github.com/gttim/cauce/internal/warehouse"
)

// follower computes indicators behind the loads: each load is a point on the clock of
// loading, whatever has been loaded after it by the time it is looked at.
type follower struct {
	more chan struct{} // something has been loaded since the last look
	end  func()
	free func() error // gives back the memory that is kept from one look to the next

	settled bool // what was loaded last is in the warehouse's file
}

// follow begins to. What it cannot do is left to Publish, which tells why.
func (p *Pipeline) follow(ctx context.Context) follower {
	more, enough, done := make(chan struct{}, 1), make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		for {
			select {
			case <-enough:
				return
			case <-more:
			}
			if err := p.engine.Update(ctx, p.today()); err != nil {
				p.opt.Log.Info("indicators put off", "reason", err)
				return
			}
		}
	}()
	end := sync.OnceFunc(func() {
		close(enough)
		<-done
	})
	return follower{more: more, end: end, free: func() error {
		p.opt.Log.Info("indicators put off", "reason", "a report needs the memory")
		return p.engine.Close()
	}}
}

// apart runs do. Where memory is too little for that beside what follows, nothing
// follows any more and do is run again: a report is not to wait for figures.
func (f *follower) apart(do func() error) error {
	err := do()
	if f.end == nil || !warehouse.IsOutOfMemory(err) {
		return err
	}
	f.stop()
	free := f.free
	*f = follower{}
	if err := free(); err != nil {
		return err
	}
	return do()
}

// computing is how many more of Go's processors are of use while problems are written
// out: each connection that computes holds one for a while after it gave a result.
const computing = 2

// early has what a load changed computed while its problems are written out, which takes
// one core. After the last load there are no rows to come: one thread of the database is
// enough, and what was loaded of a large file goes into the warehouse's file meanwhile.
func (p *Pipeline) early(ctx context.Context, f *follower, last bool) (proved func() (written func())) {
	return func() func() {
		checkpointed, fewer := func() bool { return false }, func() {}
		if last {
			if err := p.DB.UseThreads(ctx, 1); err != nil {
				p.opt.Log.Info("threads kept", "reason", err)
			}
			checkpointed = p.checkpointBeside(ctx)
		}
		f.loaded()
		if p.opt.MoreProcessors != nil {
			fewer = p.opt.MoreProcessors(computing)
		}
		return func() {
			f.settled = checkpointed()
			fewer()
		}
	}
}

// loaded says that there is more to compute.
func (f follower) loaded() {
	select {
	case f.more <- struct{}{}:
	default: // it has been told already
	}
}

// stop returns once it has done what is in hand.
func (f follower) stop() {
	if f.end != nil {
		f.end()
	}
}
