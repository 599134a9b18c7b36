package gate

import (
	"fmt"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/gttim/cauce/data"
	"github.com/gttim/cauce/ingest/gate/spill"
)

// collector puts what the parsers find back into the order of the file, so that
// the same file always gives the same list.
type collector struct {
	contract   *data.Contract
	temp       string
	mu         sync.Mutex
	pending    map[int]found
	next       int
	blank      int // blank lines listed so far
	bytes      int // problems of bytes that are not of the file's encoding
	problems   *spill.List[data.Problem]
	quarantine *spill.List[Held]
	refusals   []data.Problem
	limit      int         // problems listed
	full       atomic.Bool // the list is full: the file is refused, the rest only counted
}

// Held is one record set aside, as delivered: the physical line it starts on and
// how many it spans.
type Held struct {
	Line    int64
	Lines   int
	Content string
}

// found is what one block gave besides rows.
type found struct {
	problems   []data.Problem
	quarantine []Held
	blank      int // blank lines, of which no more than blankListed are among the problems
}

// blankListed is how many blank lines are listed one by one.
const blankListed = 100

func newCollector(c *data.Contract, dir string, limit int) *collector {
	return &collector{
		contract: c,
		limit:    limit,
		temp:     dir,
		pending:  map[int]found{},
		problems: spill.New(dir, func(p *data.Problem) int {
			return 160 + len(p.Value) + len(p.Message) + len(p.Hint)
		}),
		quarantine: spill.New(dir, sizeOfHeld),
	}
}

func sizeOfHeld(h *Held) int { return 48 + len(h.Content) }

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
		p = c.contract.Discreet(p)
		if p.Rule == data.RuleBlankLine {
			if c.blank++; c.blank > blankListed {
				continue
			}
		}
		if p.Rule == data.RuleInvalidBytes {
			c.bytes++
		}
		switch {
		case p.Severity == data.Refuse:
			c.refusals = append(c.refusals, p)
		case c.full.Load():
			continue
		case c.problems.Len() >= c.limit:
			c.full.Store(true)
			p = data.Problem{File: p.File, Rule: data.RuleTooBig, Severity: data.Refuse,
				Message: fmt.Sprintf("el archivo tiene más de %d problemas; los demás no se listan", c.limit)}
			c.refusals = append(c.refusals, p)
		}
		if err := c.problems.Add(p); err != nil {
			return err
		}
	}
	c.blank += max(0, f.blank-blankListed)
	if c.full.Load() {
		return nil
	}
	return c.quarantine.Add(f.quarantine...)
}

// unlisted counts the blank lines above the header that are not listed.
func (c *collector) unlisted(blank int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.blank += int(max(0, blank-blankListed))
}

// note records problems that belong to no block.
func (c *collector) note(problems ...data.Problem) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.store(found{problems: problems})
}

// encodingHint is the way out where most of the bad rows are bad for their bytes:
// not the rows are wrong then, but what the file is taken for. seen is what the
// bytes look like.
func (c *collector) encodingHint(bad int64, seen string) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	if 2*int64(c.bytes) <= bad {
		return ""
	}
	return "los bytes no son de la codificación del contrato, parecen " + seen + ": guarde el archivo como CSV UTF-8, o declare encoding: latin-1 (o auto) en el contrato"
}

// finish closes the list.
func (c *collector) finish(file string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if more := c.blank - blankListed; more > 0 {
		c.blank = 0
		return c.problems.Add(data.Problem{File: file, Rule: data.RuleBlankLine, Severity: data.Warn,
			Message: fmt.Sprintf("y %d líneas en blanco más", more)})
	}
	return nil
}

func (c *collector) close() error {
	err := c.problems.Close()
	if err2 := c.quarantine.Close(); err == nil {
		err = err2
	}
	return err
}

// shown cuts a delivered value to what a message carries.
func shown(b []byte) string {
	const most = 4 * data.MaxShownValue
	if len(b) > most {
		b = b[:most]
	}
	s := strings.ToValidUTF8(string(b), "\uFFFD")
	n := 0
	for i := range s {
		if n == data.MaxShownValue {
			return s[:i] + "…"
		}
		n++
	}
	return s
}
