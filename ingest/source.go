package ingest

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/duckdb/duckdb-go/v2"
	"github.com/gttim/cauce/ingest/gate"
	"github.com/gttim/cauce/ingest/gate/cell"
	"github.com/gttim/cauce/internal/warehouse"
)

// stream inserts the rows that pass the gate while it reads them.
func (j *Job) stream(ctx context.Context, conn *sql.Conn, w *work) error {
	_, stored := warehouse.Layout(w.ds)
	v := struct {
		Table, Function string
		Load            int
		Columns         []warehouse.StoredColumn
	}{w.ds.Table(), fmt.Sprintf("cauce_gate_%d_%d", w.load.ID, w.started.UnixNano()), w.load.ID, stored}
	if err := register(conn, w.gate, v.Function, stored); err != nil {
		return err
	}
	n, err := execute(ctx, conn, "insert_raw.sql.tmpl", v)
	if err != nil {
		return fmt.Errorf("load rows of %s: %w", w.Name, err)
	}
	w.load.RawRows = n
	return nil
}

// source offers the gate's rows to DuckDB as a table function. DuckDB's threads
// are the parsers: each takes a block, judges it and writes the rows straight
// into the vectors that the insert reads, so nothing waits in a queue.
type source struct {
	g       *gate.Gate
	columns []duckdb.ColumnInfo
	stored  []warehouse.StoredColumn
	threads int
}

// parsers is how many threads parse: more than two wait for the disk.
const parsers = 2

// register makes the gate known to the connection's database as a function of that name.
func register(conn *sql.Conn, g *gate.Gate, name string, stored []warehouse.StoredColumn) error {
	s := &source{g: g, threads: parsers, stored: stored}
	groups := make([][]int, len(stored))
	for i, c := range stored {
		groups[i] = c.Of
	}
	g.Share(groups, warehouse.CodeBits)
	types := map[cell.Kind]duckdb.Type{cell.Int: duckdb.TYPE_BIGINT, cell.Decimal: duckdb.TYPE_DOUBLE, cell.Date: duckdb.TYPE_INTEGER,
		cell.Bool: duckdb.TYPE_BOOLEAN, cell.Text: duckdb.TYPE_VARCHAR, cell.Code: duckdb.TYPE_INTEGER}
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
	for _, c := range stored {
		t := types[g.Columns()[c.Of[0]].Kind]
		if len(c.Of) > 1 {
			t = duckdb.TYPE_BIGINT
		}
		if err := add(c.Name, t); err != nil {
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

// ColumnInfos describes line and the stored columns; dates as days since 1970.
func (s *source) ColumnInfos() []duckdb.ColumnInfo { return s.columns }

// Cardinality is not known before the file is read.
func (s *source) Cardinality() *duckdb.CardinalityInfo { return nil }

// Init says how many threads may parse.
func (s *source) Init() duckdb.ParallelTableSourceInfo {
	return duckdb.ParallelTableSourceInfo{MaxThreads: s.threads}
}

// NewLocalState gives a thread its parser and the batch it fills.
func (s *source) NewLocalState() any { return &state{p: s.g.Parser(), b: s.g.NewBatch()} }

type state struct {
	p *gate.Parser
	b *gate.Batch
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
	if err := st.p.Fill(st.b); err != nil {
		return err
	}
	n := st.b.N
	for row, line := range st.b.Lines[:n] {
		if err := duckdb.SetChunkValue(chunk, 0, row, line); err != nil {
			return err
		}
	}
	for i, c := range s.stored {
		if err := write(chunk, i+1, &st.b.Columns[c.Of[0]], n); err != nil {
			return err
		}
	}
	return chunk.SetSize(n)
}

// write copies one column into its vector, a kind at a time: a choice per cell
// would cost as much as the copy.
func write(chunk duckdb.DataChunk, col int, v *gate.Vector, n int) error {
	switch v.Kind {
	case cell.Decimal:
		return each(chunk, col, v.Decs[:n], v.Null)
	case cell.Text:
		for row := range n {
			if v.Null[row] {
				if err := duckdb.SetChunkValue[any](chunk, col, row, nil); err != nil {
					return err
				}
			} else if err := duckdb.SetChunkValue(chunk, col, row, v.Text(row)); err != nil {
				return err
			}
		}
		return nil
	case cell.Bool:
		for row := range n {
			if v.Null[row] {
				if err := duckdb.SetChunkValue[any](chunk, col, row, nil); err != nil {
					return err
				}
			} else if err := duckdb.SetChunkValue(chunk, col, row, v.Nums[row] != 0); err != nil {
				return err
			}
		}
		return nil
	default:
		return each(chunk, col, v.Nums[:n], v.Null)
	}
}

func each[T any](chunk duckdb.DataChunk, col int, values []T, null []bool) error {
	for row, x := range values {
		var err error
		if null[row] {
			err = duckdb.SetChunkValue[any](chunk, col, row, nil)
		} else {
			err = duckdb.SetChunkValue(chunk, col, row, x)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
