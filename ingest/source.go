package ingest

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/duckdb/duckdb-go/v2"
)

// source offers the gate's rows to DuckDB as a table function. DuckDB's threads
// are the parsers: each takes a block, judges it and writes the rows straight
// into the vectors that the insert reads, so nothing waits in a queue.
type source struct {
	g       *gate
	columns []duckdb.ColumnInfo
	threads int
}

// parsers is how many threads parse: more than two wait for the disk.
const parsers = 2

// register makes the function known to the connection's database under name.
func (g *gate) register(conn *sql.Conn, name string) error {
	s := &source{g: g, threads: parsers}
	types := map[kind]duckdb.Type{kindInt: duckdb.TYPE_BIGINT, kindDecimal: duckdb.TYPE_DOUBLE, kindDate: duckdb.TYPE_INTEGER,
		kindBool: duckdb.TYPE_BOOLEAN, kindText: duckdb.TYPE_VARCHAR, kindCode: duckdb.TYPE_INTEGER}
	add := func(name string, t duckdb.Type) error {
		info, err := duckdb.NewTypeInfo(t)
		if err != nil {
			return fmt.Errorf("describe column %s: %w", name, err)
		}
		s.columns = append(s.columns, duckdb.ColumnInfo{Name: name, T: info})
		return nil
	}
	if err := add("line", duckdb.TYPE_BIGINT); err != nil {
		return err
	}
	for _, o := range g.outs {
		if err := add(o.name, types[o.kind]); err != nil {
			return err
		}
	}
	err := duckdb.RegisterTableUDF(conn, name, duckdb.ParallelChunkTableFunction{
		BindArgumentsContext: func(context.Context, map[string]any, ...any) (duckdb.ParallelChunkTableSource, error) {
			return s, nil
		},
	})
	if err != nil {
		return fmt.Errorf("register rows: %w", err)
	}
	return nil
}

// ColumnInfos describes line and the raw columns; dates as days since 1970.
func (s *source) ColumnInfos() []duckdb.ColumnInfo { return s.columns }

// Cardinality is not known before the file is read.
func (s *source) Cardinality() *duckdb.CardinalityInfo { return nil }

// Init says how many threads may parse.
func (s *source) Init() duckdb.ParallelTableSourceInfo {
	return duckdb.ParallelTableSourceInfo{MaxThreads: s.threads}
}

// NewLocalState gives a thread its parser and the batch it fills.
func (s *source) NewLocalState() any { return &state{s.g.parser(), newBatch(s.g.outs)} }

type state struct {
	p *parser
	b *batch
}

// FillChunk writes the next accepted rows; none means the end. A panic in the
// parser becomes an error of the load: DuckDB's threads cannot unwind Go.
func (s *source) FillChunk(local any, chunk duckdb.DataChunk) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("gate: %v", r)
		}
	}()
	st := local.(*state)
	if err := st.p.fill(st.b); err != nil {
		return err
	}
	n := st.b.n
	for row, line := range st.b.lines[:n] {
		if err := duckdb.SetChunkValue(chunk, 0, row, line); err != nil {
			return err
		}
	}
	for i := range st.b.cols {
		if err := write(chunk, i+1, &st.b.cols[i], n); err != nil {
			return err
		}
	}
	return chunk.SetSize(n)
}

func write(chunk duckdb.DataChunk, col int, v *vector, n int) error {
	for row := range n {
		var err error
		switch {
		case v.null[row]:
			err = duckdb.SetChunkValue[any](chunk, col, row, nil)
		case v.kind == kindDecimal:
			err = duckdb.SetChunkValue(chunk, col, row, v.decs[row])
		case v.kind == kindText:
			err = duckdb.SetChunkValue(chunk, col, row, v.bytesAt(row))
		case v.kind == kindBool:
			err = duckdb.SetChunkValue(chunk, col, row, v.nums[row] != 0)
		default:
			err = duckdb.SetChunkValue(chunk, col, row, v.nums[row])
		}
		if err != nil {
			return err
		}
	}
	return nil
}
