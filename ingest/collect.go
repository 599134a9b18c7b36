package ingest

import (
	"fmt"
	"sync"

	"github.com/gttim/cauce/data"
	"github.com/gttim/cauce/internal/warehouse"
)

// collector puts what the parsers find back into the order of the file, so that
// the same file always gives the same list.
type collector struct {
	mu         sync.Mutex
	pending    map[int]found
	next       int
	blank      int // blank lines listed so far
	problems   *spill[data.Problem]
	quarantine *spill[warehouse.QuarantineRow]
	refusals   []data.Problem
}

// found is what one block gave besides rows.
type found struct {
	problems   []data.Problem
	quarantine []warehouse.QuarantineRow
}

// blankListed is how many blank lines are listed one by one.
const blankListed = 100

func newCollector(dir string) *collector {
	return &collector{
		pending: map[int]found{},
		problems: newSpill(dir, func(p *data.Problem) int {
			return 160 + len(p.Value) + len(p.Message) + len(p.Hint)
		}),
		quarantine: newSpill(dir, func(q *warehouse.QuarantineRow) int { return 48 + len(q.Content) }),
	}
}

// post hands over what block seq gave; blocks may come in any order.
func (c *collector) post(seq int, f found) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.pending[seq] = f
	for {
		f, ok := c.pending[c.next]
		if !ok {
			return nil
		}
		delete(c.pending, c.next)
		c.next++
		if err := c.store(f); err != nil {
			return err
		}
	}
}

func (c *collector) store(f found) error {
	for _, p := range f.problems {
		if p.Rule == data.RuleBlankLine {
			if c.blank++; c.blank > blankListed {
				continue
			}
		}
		if p.Severity == data.Refuse {
			c.refusals = append(c.refusals, p)
		}
		if err := c.problems.add(p); err != nil {
			return err
		}
	}
	return c.quarantine.add(f.quarantine...)
}

// note records problems that belong to no block.
func (c *collector) note(problems ...data.Problem) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.store(found{problems: problems})
}

// finish closes the list.
func (c *collector) finish(file string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if more := c.blank - blankListed; more > 0 {
		c.blank = 0
		return c.problems.add(data.Problem{File: file, Rule: data.RuleBlankLine, Severity: data.Warn,
			Message: fmt.Sprintf("y %d líneas en blanco más", more)})
	}
	return nil
}

func (c *collector) close() error {
	err := c.problems.close()
	if err2 := c.quarantine.close(); err == nil {
		err = err2
	}
	return err
}
