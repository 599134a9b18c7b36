package indicators

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/gttim/cauce/data"
	"github.com/gttim/cauce/indicators/snapshot"
)

// node is one declared statement to be run at a state: a mart's or an indicator's; or
// what the rows in force cover.
type node struct {
	id, sql string
	ind     *Indicator // nil for others
	after   []*node    // what it reads of the others
	reads   map[string]bool
	all     map[string]bool // what it reads, and what those before it do
	table   bool            // others, or its own detail, read its result
	weight  int             // how many others wait for it, directly or not
	held    string          // the state of what it reads that its table holds, "" where that is not known
}

// graph is every statement of a catalog, each after those it reads.
type graph struct {
	nodes []*node
	byID  map[string]*node
}

// newGraph arranges a catalog. What a statement reads are the names among its words,
// besides what it says that it uses: with one too few it would read the state before.
func newGraph(catalog []*Indicator) (*graph, error) {
	g := &graph{byID: map[string]*node{}}
	g.byID[snapshot.Coverage] = &node{id: snapshot.Coverage}
	for _, id := range marts {
		g.byID[id] = &node{id: id, sql: trim(mart(id)), reads: snapshot.Words(mart(id))}
	}
	for _, ind := range catalog {
		n := &node{id: ind.ID, sql: trim(ind.SQL), ind: ind, reads: snapshot.Words(ind.SQL)}
		maps.Copy(n.reads, snapshot.Words(ind.DetailSQL))
		if trim(ind.DetailSQL) != "" && snapshot.Words(ind.DetailSQL)[ind.ID] {
			n.table = true
		}
		for _, u := range ind.Uses {
			n.reads[u] = true
		}
		g.byID[ind.ID] = n
	}
	const placing, placed = 1, 2
	state := map[*node]int{}
	var place func(n *node) error
	place = func(n *node) error {
		state[n] = placing
		for _, id := range slices.Sorted(maps.Keys(n.reads)) {
			other := g.byID[id]
			if other == nil || other == n {
				continue
			}
			if state[other] == placing {
				return fmt.Errorf("%s and %s read each other: %w", n.id, other.id, data.ErrDeclaration)
			}
			if state[other] != placed {
				if err := place(other); err != nil {
					return err
				}
			}
			other.table = true
			n.after = append(n.after, other)
		}
		state[n] = placed
		g.nodes = append(g.nodes, n)
		return nil
	}
	for _, id := range slices.Sorted(maps.Keys(g.byID)) {
		if n := g.byID[id]; state[n] != placed {
			if err := place(n); err != nil {
				return nil, err
			}
		}
	}
	for _, n := range g.nodes {
		needed := g.needed(map[string]bool{n.id: true})
		n.all = words(needed)
		for _, m := range needed {
			m.weight++
		}
	}
	return g, nil
}

// needed are the nodes of some indicators and of all they read, in order.
func (g *graph) needed(some map[string]bool) (out []*node) {
	want := map[*node]bool{}
	var walk func(n *node)
	walk = func(n *node) {
		if !want[n] {
			want[n] = true
			for _, a := range n.after {
				walk(a)
			}
		}
	}
	for id := range some {
		walk(g.byID[id])
	}
	for _, n := range g.nodes {
		if want[n] {
			out = append(out, n)
		}
	}
	return out
}

// words are all that the nodes read.
func words(nodes []*node) map[string]bool {
	out := map[string]bool{}
	for _, n := range nodes {
		maps.Copy(out, n.reads)
	}
	return out
}

// run runs f on every node once those before it are done, on each worker one at a
// time; of those that can be run, that first for which most others wait.
func run(ctx context.Context, workers []*snapshot.Worker, nodes []*node, f func(context.Context, *snapshot.Worker, *node) error) error {
	waits := map[*node]int{}    // how many nodes it still waits for
	next := map[*node][]*node{} // those that wait for it
	for _, n := range nodes {
		waits[n] = len(n.after)
		for _, a := range n.after {
			next[a] = append(next[a], n)
		}
	}
	ready := make(chan struct{}, len(nodes)+len(workers)) // one for each node that can be run, then one to end each worker
	var lock sync.Mutex
	var queue []*node
	put := func(n *node) {
		queue = append(queue, n)
		ready <- struct{}{}
	}
	left := len(nodes)
	if left == 0 {
		return nil
	}
	for _, n := range nodes {
		if waits[n] == 0 {
			put(n)
		}
	}
	take := func() *node {
		lock.Lock()
		defer lock.Unlock()
		if len(queue) == 0 {
			return nil
		}
		at := 0
		for i, n := range queue {
			if n.weight > queue[at].weight {
				at = i
			}
		}
		n := queue[at]
		queue = slices.Delete(queue, at, at+1)
		return n
	}
	finish := func(n *node) {
		lock.Lock()
		defer lock.Unlock()
		for _, m := range next[n] {
			if waits[m]--; waits[m] == 0 {
				put(m)
			}
		}
		if left--; left == 0 {
			for range workers {
				ready <- struct{}{}
			}
		}
	}
	g, ctx := errgroup.WithContext(ctx)
	for _, w := range workers {
		g.Go(func() error {
			for {
				select {
				case <-ctx.Done():
					return ctx.Err()
				case <-ready:
				}
				n := take()
				if n == nil {
					return nil
				}
				if err := f(ctx, w, n); err != nil {
					return err
				}
				finish(n)
			}
		})
	}
	return g.Wait()
}
