package indicators

import (
	"fmt"
	"maps"
	"slices"

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
	weight  int             // how much waits for it, directly or not, and itself
	held    string          // the state of what it reads that its table holds, "" where that is not known
}

// After and Weight are those of a task of snapshot.Run.
func (n *node) After() []*node { return n.after }
func (n *node) Weight() int    { return n.weight }

// graph is every statement of a catalog, each after those it reads.
type graph struct {
	nodes []*node
	byID  map[string]*node
}

// newGraph arranges a catalog. What a statement reads are the names among its words,
// besides what it says that it uses: with one too few it would read the state before.
func newGraph(catalog []*Indicator, reference map[string]*data.Table) (*graph, error) {
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
			m.weight += effort(n.ind, reference)
		}
	}
	return g, nil
}

// rowsOfWork is how many codes of a dimension are worth a statement: what many codes
// give takes as long to write as several statements, beside which it is written if it
// comes first.
const rowsOfWork = 50

// effort is what a statement weighs: one, and as much as it may give to write.
func effort(ind *Indicator, reference map[string]*data.Table) int {
	if ind == nil || len(ind.Dimensions) == 0 {
		return 1
	}
	codes := 1
	for _, d := range ind.Dimensions {
		if t := reference[d.Catalog]; t != nil {
			codes *= max(1, len(t.Rows))
		}
	}
	return 1 + min(codes, 1000)/rowsOfWork
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
