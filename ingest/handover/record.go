package handover

import (
	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"

	"github.com/gttim/cauce/ingest/gate"
	"github.com/gttim/cauce/ingest/gate/cell"
	"github.com/gttim/cauce/internal/warehouse"
)

// A record ends with the batch that fills it: with so many rows, or bytes of text. Smaller
// ones cost their making, larger ones leave the processor's memory before they are stored.
const (
	recordRows  = 4 * gate.BatchRows
	recordCells = 16 * recordRows // more columns have fewer rows, a batch at least
	recordText  = 1 << 20
)

// rowsOf is how many rows a record of so many columns takes, of batches of so many.
func rowsOf(columns, batch int) int {
	return min(max(recordCells/columns/batch, 1)*batch, recordRows)
}

// schema describes line and the stored columns of a gate's.
func schema(columns []gate.Column, stored []warehouse.StoredColumn) *arrow.Schema {
	fields := []arrow.Field{{Name: "line", Type: arrow.PrimitiveTypes.Int64}}
	for _, c := range stored {
		t := arrow.PrimitiveTypes.Int64 // codes that share a number
		if len(c.Of) == 1 || c.List {
			t = typeOf(columns[c.Of[0]].Kind)
		}
		if c.List {
			t = arrow.ListOf(t)
		}
		fields = append(fields, arrow.Field{Name: c.Name, Type: t, Nullable: true})
	}
	return arrow.NewSchema(fields, nil)
}

// typeOf is how values of a kind are handed over.
func typeOf(k cell.Kind) arrow.DataType {
	switch k {
	case cell.Code:
		return arrow.PrimitiveTypes.Int32
	case cell.Date:
		return arrow.FixedWidthTypes.Date32
	case cell.Bool:
		return arrow.FixedWidthTypes.Boolean
	case cell.Decimal:
		return arrow.PrimitiveTypes.Float64
	case cell.Text:
		return arrow.BinaryTypes.String
	}
	return arrow.PrimitiveTypes.Int64
}

// cellsOf is how many values a row has.
func cellsOf(stored []warehouse.StoredColumn) int {
	n := 1 // line
	for _, c := range stored {
		if n++; c.List {
			n += len(c.Of) - 1
		}
	}
	return n
}

// record makes the next record of what the parser accepts; nil at the end of the file.
func (s *Source) record(p *gate.Parser, b *gate.Batch, to *array.RecordBuilder) (arrow.RecordBatch, error) {
	most := rowsOf(cellsOf(s.stored), b.Room())
	to.Reserve(most)
	rows, text := 0, 0
	for rows <= most-b.Room() && text < recordText {
		if err := p.Fill(b); err != nil {
			return nil, err
		}
		if b.N == 0 {
			break
		}
		to.Field(0).(*array.Int64Builder).AppendValues(b.Lines[:b.N], nil)
		for i, c := range s.stored {
			if list, ok := to.Field(i + 1).(*array.ListBuilder); ok {
				text += putList(list, b, c.Of)
				continue
			}
			text += put(to.Field(i+1), &b.Columns[c.Of[0]], b.N)
		}
		rows += b.N
	}
	if rows == 0 {
		return nil, nil
	}
	return to.NewRecordBatch(), nil
}

// put adds a batch's column, a kind at a time: a choice per cell would cost as much as
// the copy. It tells how many bytes of text it added.
func put(to array.Builder, v *gate.Vector, n int) (text int) {
	switch to := to.(type) {
	case *array.Int64Builder:
		to.AppendValues(v.Nums[:n], v.Valid(n))
	case *array.Float64Builder:
		to.AppendValues(v.Decs[:n], v.Valid(n))
	case *array.Int32Builder:
		each(v, n, to.AppendNull, func(row int) { to.Append(int32(v.Nums[row])) })
	case *array.Date32Builder:
		each(v, n, to.AppendNull, func(row int) { to.Append(arrow.Date32(v.Nums[row])) })
	case *array.BooleanBuilder:
		each(v, n, to.AppendNull, func(row int) { to.Append(v.Nums[row] != 0) })
	case *array.StringBuilder:
		each(v, n, to.AppendNull, func(row int) {
			x := v.Text(row)
			to.BinaryBuilder.Append(x)
			text += len(x)
		})
	}
	return text
}

// each says of every row of a column that it is empty, or which it is.
func each(v *gate.Vector, n int, empty func(), full func(row int)) {
	for row, null := range v.Null[:n] {
		if null {
			empty()
		} else {
			full(row)
		}
	}
}

// putList adds a batch's columns of one kind, a list of them for each row.
func putList(to *array.ListBuilder, b *gate.Batch, of []int) (text int) {
	var add func(v *gate.Vector, row int)
	switch to := to.ValueBuilder().(type) {
	case *array.Int64Builder:
		add = func(v *gate.Vector, row int) { to.UnsafeAppend(v.Nums[row]) }
	case *array.Float64Builder:
		add = func(v *gate.Vector, row int) { to.UnsafeAppend(v.Decs[row]) }
	case *array.Int32Builder:
		add = func(v *gate.Vector, row int) { to.UnsafeAppend(int32(v.Nums[row])) }
	case *array.Date32Builder:
		add = func(v *gate.Vector, row int) { to.UnsafeAppend(arrow.Date32(v.Nums[row])) }
	case *array.BooleanBuilder:
		add = func(v *gate.Vector, row int) { to.UnsafeAppend(v.Nums[row] != 0) }
	case *array.StringBuilder:
		add = func(v *gate.Vector, row int) {
			x := v.Text(row)
			to.BinaryBuilder.Append(x)
			text += len(x)
		}
	}
	items := to.ValueBuilder()
	items.Reserve(b.N * len(of))
	for row := range b.N {
		to.Append(true)
		for _, at := range of {
			if v := &b.Columns[at]; v.Null[row] {
				items.AppendNull()
			} else {
				add(v, row)
			}
		}
	}
	return text
}
