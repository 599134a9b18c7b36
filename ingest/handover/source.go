package handover

import (
	"context"
	"fmt"
	"sync"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"

	"github.com/gttim/cauce/ingest/gate"
	"github.com/gttim/cauce/internal/warehouse"
)

const (
	// parsers is how many goroutines judge: more than two wait for the disk.
	parsers = 2
	// waiting is how many records may wait for the database, which takes them in gulps.
	waiting = 2
)

// MoreProcessors is how many more of Go's processors are of use from Start to Stop: a
// thread of the database that came for a record holds one for a while after it left,
// and those who judge would wait for it.
const MoreProcessors = parsers

// Source is the rows that a gate accepts, as a reader of Arrow records: line and the
// stored columns. It is read once, by threads of the database, between Start and Stop.
type Source struct {
	ctx     context.Context
	g       *gate.Gate
	stored  []warehouse.StoredColumn
	schema  *arrow.Schema
	memory  *pool
	made    chan arrow.RecordBatch
	over    chan struct{} // closed when nobody takes any more
	judging sync.WaitGroup
	current arrow.RecordBatch

	mu     sync.Mutex
	failed error
}

var _ array.RecordReader = (*Source)(nil)

// New offers the rows of a gate in which no parser has been made. The columns of codes
// that are stored in one number are shared from here on.
func New(ctx context.Context, g *gate.Gate, stored []warehouse.StoredColumn) *Source {
	var groups [][]int
	for _, c := range stored {
		if !c.List {
			groups = append(groups, c.Of)
		}
	}
	g.Share(groups, warehouse.CodeBits)
	return &Source{ctx: ctx, g: g, stored: stored, schema: schema(g.Columns(), stored), memory: newPool(),
		made: make(chan arrow.RecordBatch, waiting), over: make(chan struct{})}
}

// Columns are those in which the rows lie, besides their line.
func (s *Source) Columns() []warehouse.StoredColumn { return s.stored }

// Start begins to judge.
func (s *Source) Start() {
	for range parsers {
		s.judging.Go(func() { s.fail(s.judge()) })
	}
	go func() {
		s.judging.Wait()
		close(s.made)
	}()
}

// Stop ends the judging, at the file's end or before it, and tells what failed first.
// Nobody reads any more.
func (s *Source) Stop() error {
	close(s.over)
	for r := range s.made {
		r.Release()
	}
	if s.current != nil {
		s.current.Release()
		s.current = nil
	}
	s.memory.close()
	return s.Err()
}

// judge makes records of what one parser accepts. A panic of the parser becomes an error
// of the load.
func (s *Source) judge() (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("gate: %v", r)
		}
	}()
	p, b := s.g.Parser(), s.g.NewBatch()
	to := array.NewRecordBuilder(s.memory, s.schema)
	defer to.Release()
	for {
		r, err := s.record(p, b, to)
		if r == nil || err != nil {
			return err
		}
		select {
		case s.made <- r:
		case <-s.over:
			r.Release()
			return nil
		}
	}
}

func (s *Source) fail(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.failed == nil {
		s.failed = err
	}
}

// Schema describes line and the stored columns.
func (s *Source) Schema() *arrow.Schema { return s.schema }

// Next waits for the next record; false at the file's end, and when something failed or
// the context ended. The database calls it with one thread at a time.
func (s *Source) Next() bool {
	if s.current != nil {
		s.current.Release()
		s.current = nil
	}
	select {
	case s.current = <-s.made:
	case <-s.ctx.Done():
		s.fail(s.ctx.Err())
	}
	return s.current != nil && s.Err() == nil
}

// RecordBatch is the record at hand, until the next.
func (s *Source) RecordBatch() arrow.RecordBatch { return s.current }

// Record is RecordBatch under its older name.
func (s *Source) Record() arrow.RecordBatch { return s.current }

// Err is what failed first.
func (s *Source) Err() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.failed
}

// Retain and Release count nothing: a source lives as long as its load.
func (s *Source) Retain() {}

// Release does nothing, see Retain.
func (s *Source) Release() {}
