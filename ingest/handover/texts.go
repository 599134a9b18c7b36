package handover

import (
	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"

	"github.com/gttim/cauce/ingest/gate/keys"
	"github.com/gttim/cauce/ingest/gate/spill"
)

// Texts are what the numbers of keys stand for, as a reader of Arrow records: codigo and
// texto. They are read once, by threads of the database.
type Texts struct {
	of      *spill.List[keys.Texts]
	from    *spill.Reader[keys.Texts]
	ahead   []keys.Texts // read, but not yet given
	to      *array.RecordBuilder
	memory  *pool
	current arrow.RecordBatch
	failed  error
}

var _ array.RecordReader = (*Texts)(nil)

// NewTexts offers a list that may still grow until the first record is asked for.
func NewTexts(of *spill.List[keys.Texts]) *Texts {
	memory := newPool()
	return &Texts{of: of, memory: memory, to: array.NewRecordBuilder(memory, arrow.NewSchema([]arrow.Field{
		{Name: "codigo", Type: arrow.PrimitiveTypes.Int64}, {Name: "texto", Type: arrow.BinaryTypes.String},
	}, nil))}
}

// Schema describes codigo and texto.
func (t *Texts) Schema() *arrow.Schema { return t.to.Schema() }

// Next makes the next record; false at the end and when something failed. The database
// calls it with one thread at a time.
func (t *Texts) Next() bool {
	t.release()
	if t.from == nil {
		t.from = t.of.Reader()
	}
	numbers, texts := t.to.Field(0).(*array.Int64Builder), t.to.Field(1).(*array.StringBuilder)
	for bytes := 0; numbers.Len() < recordRows && bytes < recordText; {
		if len(t.ahead) == 0 {
			if t.ahead, t.failed = t.from.Next(); t.failed != nil {
				return false
			}
			if len(t.ahead) == 0 {
				break
			}
		}
		next := &t.ahead[0]
		for i := range next.Len() {
			numbers.Append(next.First + int64(i))
			texts.BinaryBuilder.Append(next.Text(i))
		}
		bytes += len(next.Bytes)
		t.ahead = t.ahead[1:]
	}
	if numbers.Len() == 0 {
		return false
	}
	t.current = t.to.NewRecordBatch()
	return true
}

func (t *Texts) release() {
	if t.current != nil {
		t.current.Release()
		t.current = nil
	}
}

// Stop gives the memory back, when nobody reads any more.
func (t *Texts) Stop() {
	t.release()
	t.to.Release()
	t.memory.close()
}

// RecordBatch is the record at hand, until the next.
func (t *Texts) RecordBatch() arrow.RecordBatch { return t.current }

// Record is RecordBatch under its older name.
func (t *Texts) Record() arrow.RecordBatch { return t.current }

// Err is what failed.
func (t *Texts) Err() error { return t.failed }

// Retain and Release count nothing: Stop gives the memory back.
func (t *Texts) Retain() {}

// Release does nothing, see Retain.
func (t *Texts) Release() {}
