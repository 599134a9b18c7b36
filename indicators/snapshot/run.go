package snapshot

import (
	"context"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"
)

// Task is something to be run at a state after other tasks. Of those that can be run,
// that of the greatest weight is.
type Task[T any] interface {
	comparable
	After() []T
	Weight() int
}

// Run runs f on every task once those it comes after are done, side by side, one at a
// time on each worker. Tasks that others come after are among them.
func Run[T Task[T]](ctx context.Context, workers []*Worker, tasks []T, f func(context.Context, *Worker, T) error) error {
	if len(tasks) == 0 {
		return nil
	}
	q := newQueue(tasks, len(workers))
	g, ctx := errgroup.WithContext(ctx)
	for _, w := range workers {
		g.Go(func() error {
			for {
				select {
				case <-ctx.Done():
					return ctx.Err()
				case <-q.ready:
				}
				t, ok := q.take()
				if !ok {
					return nil
				}
				if err := f(ctx, w, t); err != nil {
					return err
				}
				q.finish(t)
			}
		})
	}
	return g.Wait()
}

// queue holds the tasks that can be run.
type queue[T Task[T]] struct {
	ready   chan struct{} // one for each task that can be run; at the end one for each worker
	workers int

	lock  sync.Mutex
	open  []T
	left  int
	waits map[T]int // how many tasks it still waits for
	next  map[T][]T // those that wait for it
}

func newQueue[T Task[T]](tasks []T, workers int) *queue[T] {
	q := &queue[T]{ready: make(chan struct{}, len(tasks)+workers), workers: workers, left: len(tasks), waits: map[T]int{}, next: map[T][]T{}}
	for _, t := range tasks {
		q.waits[t] = len(t.After())
		for _, a := range t.After() {
			q.next[a] = append(q.next[a], t)
		}
		if q.waits[t] == 0 {
			q.put(t)
		}
	}
	return q
}

func (q *queue[T]) put(t T) {
	q.open = append(q.open, t)
	q.ready <- struct{}{}
}

// take gives the next task; none is left when it is asked for at the end.
func (q *queue[T]) take() (t T, ok bool) {
	q.lock.Lock()
	defer q.lock.Unlock()
	if len(q.open) == 0 {
		return t, false
	}
	at := 0
	for i := range q.open {
		if q.open[i].Weight() > q.open[at].Weight() {
			at = i
		}
	}
	t = q.open[at]
	q.open = slices.Delete(q.open, at, at+1)
	return t, true
}

func (q *queue[T]) finish(t T) {
	q.lock.Lock()
	defer q.lock.Unlock()
	for _, n := range q.next[t] {
		if q.waits[n]--; q.waits[n] == 0 {
			q.put(n)
		}
	}
	if q.left--; q.left == 0 {
		for range q.workers {
			q.ready <- struct{}{}
		}
	}
}
