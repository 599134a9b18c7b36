package snapshot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

type step struct {
	name   string
	after  []*step
	weight int
}

func (s *step) After() []*step { return s.after }
func (s *step) Weight() int    { return s.weight }

// chain are n steps, every third after the one before it and the first.
func chain(n int) []*step {
	var out []*step
	for i := range n {
		s := &step{name: fmt.Sprint(i), weight: n - i}
		if i%3 != 0 {
			s.after = []*step{out[i-1], out[0]}
			if i == 1 {
				s.after = s.after[:1]
			}
		}
		out = append(out, s)
	}
	return out
}

func TestRun_order(t *testing.T) {
	for _, workers := range []int{1, 2, 4} {
		steps := chain(40)
		var lock sync.Mutex
		var done []*step
		busy := map[*Worker]bool{}
		err := Run(t.Context(), some(workers), steps, func(_ context.Context, w *Worker, s *step) error {
			lock.Lock()
			for _, a := range s.after {
				if !slices.Contains(done, a) {
					t.Errorf("%s runs before %s", s.name, a.name)
				}
			}
			if busy[w] {
				t.Error("two at a time on one worker")
			}
			busy[w] = true
			lock.Unlock()
			lock.Lock()
			defer lock.Unlock()
			busy[w] = false
			done = append(done, s)
			return nil
		})
		if err != nil || len(done) != len(steps) {
			t.Errorf("%d workers: %d of %d done, %v", workers, len(done), len(steps), err)
		}
	}
}

func some(n int) (out []*Worker) {
	for range n {
		out = append(out, &Worker{})
	}
	return out
}

// Alone, a worker takes what most others wait for first.
func TestRun_weight(t *testing.T) {
	light, heavy := &step{name: "light"}, &step{name: "heavy", weight: 2}
	var got []string
	err := Run(t.Context(), some(1), []*step{light, heavy}, func(_ context.Context, _ *Worker, s *step) error {
		got = append(got, s.name)
		return nil
	})
	if err != nil || !slices.Equal(got, []string{"heavy", "light"}) {
		t.Errorf("%v %v", got, err)
	}
}

func TestRun_errorEndsIt(t *testing.T) {
	broken := errors.New("broken")
	for _, workers := range []int{1, 3} {
		err := Run(t.Context(), some(workers), chain(40), func(_ context.Context, _ *Worker, s *step) error {
			if s.name == "7" {
				return broken
			}
			return nil
		})
		if !errors.Is(err, broken) {
			t.Errorf("%d workers: %v", workers, err)
		}
	}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	err := Run(ctx, some(2), chain(3), func(ctx context.Context, _ *Worker, _ *step) error { return ctx.Err() })
	if !errors.Is(err, context.Canceled) {
		t.Errorf("stopped: %v", err)
	}
	if err := Run(t.Context(), some(2), nil, func(context.Context, *Worker, *step) error { return broken }); err != nil {
		t.Errorf("nothing to do: %v", err)
	}
}
