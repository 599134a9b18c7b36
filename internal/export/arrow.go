package export

import (
	"fmt"
	"io"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/compress"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"
)

// types are the Arrow types of the kinds.
var types = map[Kind]arrow.DataType{
	Text: arrow.BinaryTypes.String, Number: arrow.PrimitiveTypes.Float64, Day: arrow.FixedWidthTypes.Date32,
	Flag: arrow.FixedWidthTypes.Boolean, Texts: arrow.ListOf(arrow.BinaryTypes.String), Integers: arrow.ListOf(arrow.PrimitiveTypes.Int32),
}

// record makes a table into one Arrow record batch; texts are as they are, since
// nothing runs them here. The caller releases it.
func record(t *Table) (arrow.RecordBatch, error) {
	if err := t.check(); err != nil {
		return nil, err
	}
	fields := make([]arrow.Field, len(t.Columns))
	for i, c := range t.Columns {
		fields[i] = arrow.Field{Name: c.Name, Type: types[c.Kind], Nullable: true}
	}
	var names, values []string
	for _, p := range t.About {
		names, values = append(names, p.Name), append(values, p.Value)
	}
	about := arrow.NewMetadata(names, values)
	b := array.NewRecordBuilder(memory.DefaultAllocator, arrow.NewSchema(fields, &about))
	defer b.Release()
	for _, row := range t.Rows {
		for i, cell := range row {
			if err := put(b.Field(i), cell); err != nil {
				return nil, fmt.Errorf("table %s, column %s: %w", t.Name, t.Columns[i].Name, err)
			}
		}
	}
	return b.NewRecordBatch(), nil
}

func put(b array.Builder, cell any) error {
	if cell == nil {
		b.AppendNull()
		return nil
	}
	switch b := b.(type) {
	case *array.StringBuilder:
		b.Append(cell.(string))
	case *array.Float64Builder:
		b.Append(cell.(float64))
	case *array.BooleanBuilder:
		b.Append(cell.(bool))
	case *array.Date32Builder:
		b.Append(arrow.Date32FromTime(cell.(time.Time)))
	case *array.ListBuilder:
		b.Append(true)
		switch of := b.ValueBuilder().(type) {
		case *array.StringBuilder:
			of.AppendValues(cell.([]string), nil)
		case *array.Int32Builder:
			for _, n := range cell.([]int) {
				of.Append(int32(n))
			}
		}
	default:
		return fmt.Errorf("%T is not written", b)
	}
	return nil
}

// Arrow writes a table as an Arrow IPC file.
func Arrow(out io.Writer, t *Table) error {
	r, err := record(t)
	if err != nil {
		return err
	}
	defer r.Release()
	w, err := ipc.NewFileWriter(out, ipc.WithSchema(r.Schema()))
	if err != nil {
		return err
	}
	if err := w.Write(r); err != nil {
		return err
	}
	return w.Close()
}

// Parquet writes a table as a Parquet file, compressed with zstd.
func Parquet(out io.Writer, t *Table) error {
	r, err := record(t)
	if err != nil {
		return err
	}
	defer r.Release()
	w, err := pqarrow.NewFileWriter(r.Schema(), out,
		parquet.NewWriterProperties(parquet.WithCompression(compress.Codecs.Zstd), parquet.WithCreatedBy("cauce")),
		pqarrow.NewArrowWriterProperties(pqarrow.WithStoreSchema()))
	if err != nil {
		return err
	}
	if err := w.Write(r); err != nil {
		return err
	}
	return w.Close()
}
