package indicators

import (
	"context"
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"sync"
	"time"
)

// computed are the states of one indicator at one load.
type computed struct {
	days    []time.Time
	asked   []*evaluation
	details []state
	aside   *sync.WaitGroup // of evaluations that are being written out
}

// evaluation is one state's values as lines with the rows that hold them. It is
// written out beside the statements of the next one.
type evaluation struct {
	day   time.Time
	lines []string
	rows  [][]driver.Value
	err   error
}

// add evaluates an indicator at the state in hand.
func (c *computed) add(ctx context.Context, ev *evaluator, ind *Indicator, day time.Time) error {
	a, err := ev.ask(ctx, ind)
	if err != nil {
		return err
	}
	e := &evaluation{day: day}
	c.asked = append(c.asked, e)
	c.aside.Go(func() { e.err = e.write(a) })
	rows, err := ev.details(ctx, ind)
	if err != nil {
		return err
	}
	c.details = append(c.details, state{day, rows})
	return nil
}

func (e *evaluation) write(a *answer) error {
	vs, err := a.values()
	if err != nil {
		return err
	}
	e.lines, e.rows = make([]string, len(vs)), make([][]driver.Value, len(vs))
	for i, v := range vs {
		b, err := json.Marshal(v)
		if err != nil {
			return fmt.Errorf("indicator %s: %w", a.ind.ID, err)
		}
		e.lines[i] = string(b)
		if e.rows[i], err = v.columns(); err != nil {
			return fmt.Errorf("indicator %s: %w", a.ind.ID, err)
		}
	}
	return nil
}

// values are the states in order, once all are written out, and the rows that hold
// their lines.
func (c *computed) values() (states []state, known map[string][]driver.Value, err error) {
	known = map[string][]driver.Value{}
	for _, e := range c.asked {
		if e.err != nil {
			return nil, nil, e.err
		}
		for i, l := range e.lines {
			known[l] = e.rows[i]
		}
		states = append(states, state{e.day, e.lines})
	}
	return states, known, nil
}
