package pipeline

import (
	"context"
	"sync"
)

// follower computes indicators behind the loads: each load is a point on the clock of
// loading, whatever has been loaded after it by the time it is looked at.
type follower struct {
	more chan struct{} // something has been loaded since the last look
	end  func()
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
	return follower{more, sync.OnceFunc(func() {
		close(enough)
		<-done
	})}
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
