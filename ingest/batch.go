package ingest

import (
	"github.com/gttim/cauce/data"
)

// batchRows is how many rows a batch takes: DuckDB's vector.
const batchRows = 2048

// value is one typed cell of the record at hand. text points into the block or
// into a verdict.
type value struct {
	null      bool
	num       int64
	dec       float64
	text      []byte
	precision string
	id        uint64 // stands for the canonical value of a text or code in keys
}

// output is one column of the raw table after load_id and line, and where its
// value comes from.
type output struct {
	name      string
	kind      kind
	field     int  // index of the contract's column; outputMonth or outputValue
	precision bool // the precision of that field instead of its value
}

const (
	outputMonth = -1
	outputValue = -2
)

// outputs lists the raw columns of a dataset in the warehouse's order.
func outputs(ds *data.Dataset) []output {
	var out []output
	for i, c := range ds.Output() {
		o := output{name: c.Name, kind: kinds[c.Type], field: i}
		if ds.Wide != nil && i >= len(ds.Columns) {
			o.field = outputMonth
			if i > len(ds.Columns) {
				o.field = outputValue
			}
		}
		out = append(out, o)
		if c.Type == data.TypePubDate {
			out = append(out, output{name: c.Name + "_precision", kind: kindText, field: o.field, precision: true})
		}
	}
	return out
}

// batch is a run of accepted rows, column by column.
type batch struct {
	n     int
	lines []int64
	cols  []vector
}

// vector is one column of a batch. Only the slices of its kind are made.
type vector struct {
	kind kind
	null []bool
	nums []int64
	decs []float64
	text []byte
	ends []int // end of each row's text
}

func newBatch(outs []output) *batch {
	b := &batch{lines: make([]int64, batchRows), cols: make([]vector, len(outs))}
	for i, o := range outs {
		v := &b.cols[i]
		v.kind, v.null = o.kind, make([]bool, batchRows)
		switch o.kind {
		case kindDecimal:
			v.decs = make([]float64, batchRows)
		case kindText:
			v.ends = make([]int, batchRows)
		default:
			v.nums = make([]int64, batchRows)
		}
	}
	return b
}

func (b *batch) reset() {
	b.n = 0
	for i := range b.cols {
		b.cols[i].text = b.cols[i].text[:0]
	}
}

// put writes a value into the current row of a column.
func (v *vector) put(n int, x *value) {
	v.null[n] = x.null
	switch v.kind {
	case kindDecimal:
		v.decs[n] = x.dec
	case kindText:
		v.text = append(v.text, x.text...)
		v.ends[n] = len(v.text)
	default:
		v.nums[n] = x.num
	}
}

// bytesAt is the text of row n.
func (v *vector) bytesAt(n int) []byte {
	from := 0
	if n > 0 {
		from = v.ends[n-1]
	}
	return v.text[from:v.ends[n]]
}
